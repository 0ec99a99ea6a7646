package com.dalibo.pgbackrest.operator.inventory;

import io.fabric8.kubernetes.client.KubernetesClientException;

/// What the API server says of a request that failed.
public final class ServerMessage {

  private ServerMessage() {}

  public static String of(KubernetesClientException failure) {
    var status = failure.getStatus();
    return status == null || status.getMessage() == null
        ? String.valueOf(failure.getMessage())
        : status.getMessage();
  }
}
