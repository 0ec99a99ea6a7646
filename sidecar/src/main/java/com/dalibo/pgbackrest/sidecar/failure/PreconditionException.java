package com.dalibo.pgbackrest.sidecar.failure;

/// What was asked for must not be done as things stand; somebody has to change something first.
public class PreconditionException extends Exception {

  public PreconditionException(String message) {
    super(message);
  }

  public PreconditionException(String message, Throwable cause) {
    super(message, cause);
  }
}
