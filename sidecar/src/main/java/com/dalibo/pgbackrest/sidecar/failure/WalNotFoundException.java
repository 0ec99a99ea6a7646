package com.dalibo.pgbackrest.sidecar.failure;

/// Every repository of the store was asked, every one answered, none has the file; or it is not for
/// the one who asks.
public final class WalNotFoundException extends Exception {

  public WalNotFoundException(String message) {
    super(message);
  }
}
