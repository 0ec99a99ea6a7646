package com.dalibo.pgbackrest.stanza.rendering;

/// The Kubernetes API refused a read: the Role of the cluster is missing or not yet in effect.
public final class ForbiddenException extends Exception {
  private static final long serialVersionUID = 1;

  public ForbiddenException(String message) {
    super(message);
  }

  public ForbiddenException(String message, Throwable cause) {
    super(message, cause);
  }
}
