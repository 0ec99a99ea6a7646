package com.dalibo.pgbackrest.operator.inventory;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/// What helps where Kubernetes still has the permissions and CRDs of an earlier release.
public final class ReleaseRemedy {

  static final String WORDS =
      "apply the CRDs and permissions of this release: kubectl apply --server-side -f deploy/manifest.yaml, or helm upgrade (docs/reference/rights.md)";

  private ReleaseRemedy() {}

  /// The words of the API server, with the remedy if a permission is missing.
  public static String words(KubernetesClientException failure) {
    var words = ServerMessage.of(failure);
    return failure.getCode() == HttpURLConnection.HTTP_FORBIDDEN ? words + "; " + WORDS : words;
  }
}
