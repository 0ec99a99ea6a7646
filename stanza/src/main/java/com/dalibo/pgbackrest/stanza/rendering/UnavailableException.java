package com.dalibo.pgbackrest.stanza.rendering;

/// The Kubernetes API could not be asked; trying again may help.
public final class UnavailableException extends Exception {
  private static final long serialVersionUID = 1;

  public UnavailableException(String message) {
    super(message);
  }

  public UnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
