package com.dalibo.pgbackrest.operator;

/// An object that the Cluster names is not there, and without it the answer would be another one.
final class MissingObjectException extends RuntimeException {

  MissingObjectException(String message) {
    super(message);
  }
}
