package com.dalibo.pgbackrest.operator.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.operator.TestClock;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class WatchFailuresTest {

  private final TestClock clock = new TestClock(Instant.parse("2026-11-29T10:00:00Z"));
  private final WatchFailures drills =
      new WatchFailures("restoredrills", "pgbackrest.dalibo.com", clock);

  @Test
  void aMissingPermissionIsReportedOnceWithItsRemedy() {
    assertThat(drills.report(answer(403)))
        .contains(
            "the operator is not permitted to list and watch restoredrills, and continues without them; apply the CRDs and permissions of this release: kubectl apply --server-side -f deploy/manifest.yaml, or helm upgrade (docs/reference/rights.md)");
    for (int i = 0; i < 100; i++) {
      clock.advance(Duration.ofSeconds(32));
      assertThat(drills.report(new CompletionException(answer(403)))).isEmpty();
    }
  }

  @Test
  void aMissingKindIsReportedWithItsRemedy() {
    assertThat(drills.report(answer(404)))
        .contains(
            "Kubernetes has no restoredrills.pgbackrest.dalibo.com, and the operator continues without them; apply the CRDs and permissions of this release: kubectl apply --server-side -f deploy/manifest.yaml, or helm upgrade (docs/reference/rights.md)");
    assertThat(new WatchFailures("clusters", "postgresql.cnpg.io", clock).report(answer(404)))
        .contains(
            "Kubernetes has no clusters.postgresql.cnpg.io, and the operator continues without them; install CloudNativePG");
  }

  @Test
  void anotherCauseIsReportedAndOneThatReturnsIsToo() {
    assertThat(drills.report(answer(404))).isPresent();
    assertThat(drills.report(answer(403))).isPresent();
    assertThat(drills.report(new IllegalStateException("connection refused")))
        .contains("cannot watch restoredrills: connection refused");
    assertThat(drills.report(new IllegalStateException("connection refused"))).isEmpty();

    clock.advance(Duration.ofHours(1));
    assertThat(drills.report(new IllegalStateException("connection refused"))).isPresent();
  }

  private static KubernetesClientException answer(int code) {
    return new KubernetesClientException("refused", code, null);
  }
}
