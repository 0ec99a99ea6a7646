package com.dalibo.pgbackrest.sidecar.failure;

/// A backup is of another major version of PostgreSQL than the image that is to run it.
public final class WrongMajorException extends PreconditionException {

  public WrongMajorException(String message) {
    super(message);
  }
}
