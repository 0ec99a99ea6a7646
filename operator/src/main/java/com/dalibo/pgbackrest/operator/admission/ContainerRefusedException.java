package com.dalibo.pgbackrest.operator.admission;

/// The API server would refuse the sidecar; nothing is injected, and no running pod is given up for
/// one that cannot be.
public final class ContainerRefusedException extends RuntimeException {

  public ContainerRefusedException(String message) {
    super(message);
  }
}
