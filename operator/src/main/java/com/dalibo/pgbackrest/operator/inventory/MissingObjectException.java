package com.dalibo.pgbackrest.operator.inventory;

/// An object that the Cluster names is not there, and without it the answer would be another one.
public final class MissingObjectException extends RuntimeException {

  public MissingObjectException(String message) {
    super(message);
  }
}
