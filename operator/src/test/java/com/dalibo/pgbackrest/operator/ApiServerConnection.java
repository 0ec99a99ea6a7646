package com.dalibo.pgbackrest.operator;

import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;

/// How a client of the operator reaches the stand-in for an API server.
public final class ApiServerConnection {
  private ApiServerConnection() {}

  /// Without retries, which a test would wait for.
  public static Config to(KubernetesApiServer api) {
    return new ConfigBuilder()
        .withAutoConfigure(false)
        .withMasterUrl(api.url())
        .withOauthToken(api.token())
        .withTrustCerts(true)
        .withRequestRetryBackoffLimit(0)
        .build();
  }
}
