package com.dalibo.pgbackrest.sidecar.failure;

/// A segment is in no repository, and later ones are: recovery would end in the middle of the WAL.
public final class WalGapException extends Exception {

  public WalGapException(String message) {
    super(message);
  }
}
