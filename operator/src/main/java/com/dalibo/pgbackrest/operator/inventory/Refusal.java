package com.dalibo.pgbackrest.operator.inventory;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/// A request that the API server refuses, as it would refuse the same one a moment later: the
/// permission is missing, or a quota, a policy or the schema does not admit the object.
public final class Refusal {
  private static final int UNPROCESSABLE = 422;

  private Refusal() {}

  /// Whether a request failed because it was refused.
  public static boolean is(KubernetesClientException failure) {
    return switch (failure.getCode()) {
      case HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_BAD_REQUEST, UNPROCESSABLE ->
          true;
      default -> false;
    };
  }
}
