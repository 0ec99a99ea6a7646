package com.dalibo.pgbackrest.operator.leader;

import static com.dalibo.pgbackrest.operator.leader.LeaderStage.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A replica that leads loses the lease.
@Timeout(120)
class LostLeadershipTest {
  private final LeaderStage stage = new LeaderStage();

  @AfterEach
  void end() {
    stage.close();
  }

  @Test
  void itLeadsAgainWhenTheOtherReplicaIsGone() throws Exception {
    try (var leadership = stage.leadership("pod-1")) {
      leadership.start();
      await(() -> stage.works.get() > 0);
      stage.hold("pod-2", 3600, "2100-01-01T00:00:00.000000Z");
      await(stage::stands);

      stage.hold("", 1, "2100-01-01T00:00:00.000000Z");
      var before = stage.works.get();
      await(() -> stage.works.get() > before);
      assertThat(stage.holder()).isEqualTo("pod-1");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void itLeadsAgainWhenTheApiServerAnswersAgain(int status) throws Exception {
    try (var leadership = stage.leadership("pod-1")) {
      leadership.start();
      await(() -> stage.works.get() > 0);
      stage.api.fail("/leases/", status);
      await(stage::stands);

      stage.api.heal();
      var before = stage.works.get();
      await(() -> stage.works.get() > before);
      assertThat(stage.holder()).isEqualTo("pod-1");
    }
  }

  @Test
  void noReplicaLeadsBesideAnotherWhereItsApiServerNoLongerAnswers() throws Exception {
    try (var leadership = stage.leadership("pod-1")) {
      leadership.start();
      await(() -> stage.works.get() > 0);
      stage.api.delay("/leases/", Duration.ofSeconds(60));
      var hung = System.nanoTime();
      await(stage::stands);

      // Requests of ten seconds, each repeated, would keep it leading for minutes.
      assertThat(Duration.ofNanos(System.nanoTime() - hung)).isLessThan(Duration.ofSeconds(40));
    }
  }

  @Test
  void whoStopsReleasesTheLease() throws Exception {
    try (var leadership = stage.leadership("pod-1")) {
      leadership.start();
      await(() -> stage.works.get() > 0);
      assertThat(stage.holder()).isEqualTo("pod-1");
    }
    // One second is what the library writes for a lease that anybody may take.
    assertThat(stage.spec().get("leaseDurationSeconds").getAsInt()).isEqualTo(1);
  }
}
