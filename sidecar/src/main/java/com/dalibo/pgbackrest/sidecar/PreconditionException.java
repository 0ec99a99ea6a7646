package com.dalibo.pgbackrest.sidecar;

/// What was asked for must not be done as things stand; somebody has to change something first.
final class PreconditionException extends Exception {

  PreconditionException(String message) {
    super(message);
  }

  PreconditionException(String message, Throwable cause) {
    super(message, cause);
  }
}
