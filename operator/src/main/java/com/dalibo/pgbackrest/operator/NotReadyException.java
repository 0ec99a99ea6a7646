package com.dalibo.pgbackrest.operator;

/// The operator has not heard everything yet that an answer depends on.
final class NotReadyException extends RuntimeException {

  NotReadyException(String message) {
    super(message);
  }
}
