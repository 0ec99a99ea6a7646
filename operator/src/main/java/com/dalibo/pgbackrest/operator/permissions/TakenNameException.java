package com.dalibo.pgbackrest.operator.permissions;

/// An object that a Cluster needs has a name under which somebody else's is there already.
public final class TakenNameException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TakenNameException(String message) {
    super(message);
  }
}
