package com.dalibo.pgbackrest.operator.leader;

import static com.dalibo.pgbackrest.operator.leader.LeaderStage.await;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A replica finds a Lease that it has not written, or not in this candidacy.
@Timeout(120)
class FoundLeaseTest {
  private static final int A_FEW_LOOKS = 5;

  private final LeaderStage stage = new LeaderStage();

  @AfterEach
  void end() {
    stage.close();
  }

  @Test
  void theLeaseOfAHolderWhoseClockIsBehindIsNotTaken() throws Exception {
    stage.hold("pod-2", 3600, "2000-01-01T00:00:00.000000Z");
    try (var leadership = stage.leadership("pod-1")) {
      leadership.start();
      await(() -> stage.looks() >= A_FEW_LOOKS);

      assertThat(stage.holder()).isEqualTo("pod-2");
      assertThat(stage.works).hasValue(0);
    }
  }

  @Test
  void theLeaseOfAHolderThatIsGoneIsTakenThoughItsClockWasAhead() throws Exception {
    stage.hold("pod-2", 1, "2100-01-01T00:00:00.000000Z");
    try (var leadership = stage.leadership("pod-1")) {
      leadership.start();
      await(() -> stage.works.get() > 0);

      assertThat(stage.holder()).isEqualTo("pod-1");
    }
  }

  /// As where a container of the pod was killed, or the lease was lost while the API server was
  /// away: another replica may be about to take it.
  @Test
  void itsOwnLeaseIsRenewedBeforeTheWorkBegins() throws Exception {
    stage.hold("pod-1", 3600, "2026-01-01T00:00:00.000000Z");
    stage.api.fail("PATCH /apis/coordination.k8s.io/", 503);
    try (var leadership = stage.leadership("pod-1")) {
      leadership.start();
      await(() -> stage.looks() >= A_FEW_LOOKS);
      assertThat(stage.works).hasValue(0);

      stage.api.heal();
      await(() -> stage.works.get() > 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{holderIdentity: pod-2, leaseDurationSeconds: 3600}"})
  void aLeaseWithoutATimeIsTaken(String spec) throws Exception {
    stage.lease(spec);
    try (var leadership = stage.leadership("pod-1")) {
      leadership.start();
      await(() -> stage.works.get() > 0);

      assertThat(stage.holder()).isEqualTo("pod-1");
    }
  }
}
