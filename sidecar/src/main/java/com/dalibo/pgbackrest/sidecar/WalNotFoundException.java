package com.dalibo.pgbackrest.sidecar;

/// Every repository of the store was asked, every one answered, none has the file; or it is not for
/// the one who asks.
final class WalNotFoundException extends Exception {

  WalNotFoundException(String message) {
    super(message);
  }
}
