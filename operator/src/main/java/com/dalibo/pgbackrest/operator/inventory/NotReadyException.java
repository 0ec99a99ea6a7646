package com.dalibo.pgbackrest.operator.inventory;

/// The operator has not heard everything yet that an answer depends on.
public final class NotReadyException extends RuntimeException {

  public NotReadyException(String message) {
    super(message);
  }
}
