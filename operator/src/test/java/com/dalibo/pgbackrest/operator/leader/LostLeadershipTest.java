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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A replica that leads loses the lease.
@Timeout(120)
class LostLeadershipTest {
  private static final Leadership.Lease LEASE =
      new Leadership.Lease(
          Duration.ofSeconds(3),
          Duration.ofSeconds(2),
          Duration.ofMillis(500),
          Duration.ofMillis(500));

  private static final TestCertificates CERTIFICATES = TestCertificates.create();

  private final AtomicInteger works = new AtomicInteger();
  private KubernetesApiServer api;
  private KubernetesClient client;

  @BeforeEach
  void begin() {
    api = KubernetesApiServer.start(CERTIFICATES);
    // With the retries that the operator has.
    var config =
        new ConfigBuilder(ApiServerConnection.to(api))
            .withRequestRetryBackoffLimit(Config.DEFAULT_REQUEST_RETRY_BACKOFFLIMIT)
            .build();
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @AfterEach
  void end() {
    api.heal();
    client.close();
    api.close();
  }

  @Test
  void itLeadsAgainWhenTheOtherReplicaIsGone() throws Exception {
    try (var leadership = leadership("pod-1")) {
      leadership.start();
      await(() -> works.get() > 0);
      var other = Duration.ofHours(1).toSeconds();
      hold("pod-2", other);
      await(this::stands);

      hold("", 1);
      var before = works.get();
      await(() -> works.get() > before);
      assertThat(holder()).isEqualTo("pod-1");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void itLeadsAgainWhenTheApiServerAnswersAgain(int status) throws Exception {
    try (var leadership = leadership("pod-1")) {
      leadership.start();
      await(() -> works.get() > 0);
      api.fail("/leases/", status);
      await(this::stands);

      api.heal();
      var before = works.get();
      await(() -> works.get() > before);
      assertThat(holder()).isEqualTo("pod-1");
    }
  }

  @Test
  void noReplicaLeadsBesideAnotherWhereItsApiServerNoLongerAnswers() throws Exception {
    try (var leadership = leadership("pod-1")) {
      leadership.start();
      await(() -> works.get() > 0);
      api.delay("/leases/", Duration.ofSeconds(60));
      var hung = System.nanoTime();
      await(this::stands);

      // Requests of ten seconds, each repeated, would keep it leading for minutes.
      assertThat(Duration.ofNanos(System.nanoTime() - hung)).isLessThan(Duration.ofSeconds(20));
    }
  }

  @Test
  void whoStopsReleasesTheLease() throws Exception {
    try (var leadership = leadership("pod-1")) {
      leadership.start();
      await(() -> works.get() > 0);
      assertThat(holder()).isEqualTo("pod-1");
    }
    // One second is what the library writes for a lease that anybody may take.
    assertThat(spec().get("leaseDurationSeconds").getAsInt()).isEqualTo(1);
  }

  private Leadership leadership(String pod) {
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
  private boolean stands() {
    var before = works.get();
    try {
      Thread.sleep(1000);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return works.get() == before;
  }

  private void hold(String holder, long seconds) {
    var lease = api.get("leases", "default", Leadership.LEASE).orElseThrow();
    var spec = lease.getAsJsonObject("spec");
    spec.addProperty("holderIdentity", holder);
    spec.addProperty("leaseDurationSeconds", seconds);
    spec.addProperty("renewTime", "2100-01-01T00:00:00.000000Z");
    api.apply(lease);
  }

  private String holder() {
    return spec().get("holderIdentity").getAsString();
  }

  private JsonObject spec() {
    return api.get("leases", "default", Leadership.LEASE).orElseThrow().getAsJsonObject("spec");
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    var until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < until) {
      Thread.sleep(20);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }
}
