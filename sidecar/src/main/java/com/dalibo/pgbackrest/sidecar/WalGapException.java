package com.dalibo.pgbackrest.sidecar;

/// A segment is in no repository, and later ones are: recovery would end in the middle of the WAL.
final class WalGapException extends Exception {

  WalGapException(String message) {
    super(message);
  }
}
