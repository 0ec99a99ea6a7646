package com.dalibo.pgbackrest.sidecar.failure;

/// A recovery cannot reach its target, whatever is tried; somebody has to choose another one.
public final class TargetUnreachableException extends PreconditionException {

  public TargetUnreachableException(String message) {
    super(message);
  }
}
