package com.dalibo.pgbackrest.sidecar;

/// Every repository of the store was asked, every one answered, none has the file.
final class WalNotFoundException extends Exception {

  WalNotFoundException(String message) {
    super(message);
  }
}
