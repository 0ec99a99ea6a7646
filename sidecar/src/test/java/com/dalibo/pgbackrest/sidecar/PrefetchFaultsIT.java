package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A recovery that fetches ahead while something ends at a random moment: the sidecar, what it
/// runs, PostgreSQL, the job, the store or one of two repositories. `-Dfault.rounds=200` makes it
/// long.
@Timeout(14_400)
class PrefetchFaultsIT {
  private static final int ROUNDS = Integer.getInteger("fault.rounds", 1);
  private static final long SEED = Long.getLong("fault.seed", 20_261_129);
  private static final int SEGMENTS = 24;

  /// After so many a recovery is left to its end, and the next one begins.
  private static final int FAULTS_OF_ONE = 6;

  /// Segments between two faults.
  private static final int MOST_BETWEEN = 6;

  /// What ends, and comes back.
  private enum Fault {
    SIDECAR,
    PROGRAMS,
    POSTGRES,
    JOB,
    STORE,
    REPOSITORY
  }

  private final Random random = new Random(SEED);
  @TempDir private Path directory;
  private TestCluster datacenter;
  private int recoveries;
  private int faults;
  private boolean sawOneAhead;

  @BeforeEach
  void begin() {
    datacenter = TwoRepositories.create(directory, "", SEGMENTS);
  }

  @AfterEach
  void end() {
    datacenter.close();
  }

  @Test
  void noRecoveryEndsShortAndNothingThatWasFetchedAheadIsLeft() throws Exception {
    while (faults < ROUNDS) {
      recoverThroughFaults();
    }

    assertThat(sawOneAhead).isTrue();
  }

  private void recoverThroughFaults() throws Exception {
    var cluster = TestCluster.recovering("r" + ++recoveries, "s", "", "");
    try (var restored = Instance.recovery(datacenter, cluster, PostgresInstallation.NEWEST)) {
      restored.job().restore();
      restored.postgres.launch();
      for (var n = 0; n < FAULTS_OF_ONE && faults < ROUNDS && isAmidst(restored); n++) {
        faults++;
        strike(Fault.values()[random.nextInt(Fault.values().length)], restored);
      }
      while (isInRecovery(restored)) {
        look(restored);
      }
      restored.postgres.waitForPromotion(Eventually.PATIENCE);

      assertThat(restored.postgres.value("select count(*) || ' ' || sum(n) from t"))
          .as("recovery %d, after %d faults", recoveries, faults)
          .isEqualTo(SEGMENTS + " " + SEGMENTS * (SEGMENTS + 1) / 2);
      Eventually.until("nothing is left", () -> prefetched(restored).isEmpty());
    }
  }

  /// Waits until it has got some more segments, and a moment.
  private boolean isAmidst(Instance restored) throws Exception {
    var segments = restored.manager.restored().size() + 1 + random.nextInt(MOST_BETWEEN);
    while (restored.manager.restored().size() < segments && isInRecovery(restored)) {
      look(restored);
    }
    Thread.sleep(random.nextInt(100));
    return isInRecovery(restored);
  }

  private void look(Instance restored) throws Exception {
    sawOneAhead |= !prefetched(restored).isEmpty();
    Thread.sleep(10);
  }

  private void strike(Fault fault, Instance restored) throws Exception {
    switch (fault) {
      case SIDECAR -> {
        restored.sidecar().kill();
        Thread.sleep(random.nextInt(300));
        restored.startSidecar();
      }
      case PROGRAMS -> restored.programs().forEach(ProcessHandle::destroyForcibly);
      case POSTGRES -> {
        restored.postgres.kill();
        restored.postgres.launch();
      }
      case JOB -> {
        restored.postgres.kill();
        restored.sidecar().kill();
        restored.startSidecar();
        restored.job().restore();
        restored.postgres.launch();
      }
      case STORE -> {
        datacenter.s3.refuse();
        Thread.sleep(random.nextInt(1500));
        datacenter.s3.accept();
      }
      case REPOSITORY -> {
        datacenter.s3.faults().breakBucket(random.nextBoolean() ? "one" : "two");
        Thread.sleep(random.nextInt(1500));
        datacenter.s3.faults().heal();
      }
    }
  }

  private static boolean isInRecovery(Instance restored) {
    return restored.postgres.isRunning()
        && Files.exists(restored.pod.pgData().resolve("recovery.signal"));
  }

  private static List<String> prefetched(Instance restored) throws IOException {
    try (var files = Files.list(restored.postgres.walDirectory())) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".prefetched"))
          .toList();
    }
  }
}
