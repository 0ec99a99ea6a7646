package com.dalibo.pgbackrest.operator.leader;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.operator.ApiServerConnection;
import com.dalibo.pgbackrest.operator.leader.LeaderTask.Trigger;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import com.google.gson.JsonObject;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/// An API server with a Lease, and a replica that works while it leads.
final class LeaderStage implements AutoCloseable {
  private static final Leadership.Lease LEASE =
      new Leadership.Lease(
          Duration.ofSeconds(4),
          Duration.ofSeconds(2),
          Duration.ofMillis(500),
          Duration.ofSeconds(1));

  private static final TestCertificates CERTIFICATES = TestCertificates.create();

  final AtomicInteger works = new AtomicInteger();
  final KubernetesApiServer api = KubernetesApiServer.start(CERTIFICATES);
  private final KubernetesClient client;

  LeaderStage() {
    // With the retries that the operator has.
    var config =
        new ConfigBuilder(ApiServerConnection.to(api))
            .withRequestRetryBackoffLimit(Config.DEFAULT_REQUEST_RETRY_BACKOFFLIMIT)
            .build();
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @Override
  public void close() {
    api.heal();
    client.close();
    api.close();
  }

  Leadership leadership(String pod) {
    return new Leadership(
        client,
        "default",
        pod,
        List.of(
            new LeaderTask(
                "work", Duration.ofMillis(100), Trigger.TIME_ONLY, works::incrementAndGet)),
        LEASE);
  }

  /// Whether the work of the leader has ended: nothing was done for a second.
  boolean stands() {
    var before = works.get();
    try {
      Thread.sleep(1000);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return works.get() == before;
  }

  /// Gives the Lease to somebody, by the clock that he has.
  void hold(String holder, long seconds, String renewTime) {
    lease(
        """
        holderIdentity: "%s"
          leaseDurationSeconds: %d
          acquireTime: "%s"
          renewTime: "%3$s"
        """
            .formatted(holder, seconds, renewTime));
  }

  void lease(String spec) {
    api.apply(
        """
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata: {name: %s, namespace: default}
        spec:
          %s
        """
            .formatted(Leadership.LEASE, spec));
  }

  /// How often the Lease was read.
  long looks() {
    return api.requests().stream()
        .filter(request -> request.startsWith("GET ") && request.contains("/leases/"))
        .count();
  }

  String holder() {
    return spec().get("holderIdentity").getAsString();
  }

  JsonObject spec() {
    return api.get("leases", "default", Leadership.LEASE).orElseThrow().getAsJsonObject("spec");
  }

  static void await(BooleanSupplier condition) throws InterruptedException {
    var until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < until) {
      Thread.sleep(20);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }
}
