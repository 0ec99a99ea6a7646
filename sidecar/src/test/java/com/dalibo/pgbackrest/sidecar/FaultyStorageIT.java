package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The recovery of a new cluster while its storage fails: PostgreSQL takes every failed
/// `restore_command` for the end of WAL, so none may fail before it.
@Timeout(900)
class FaultyStorageIT {
  private static final int SEGMENTS = 50;

  @TempDir private Path directory;
  @AutoClose private TestCluster datacenter;

  @BeforeEach
  void aBackupAndFiftySegmentsInTwoRepositories() {
    datacenter = TwoRepositories.create(directory, "processMax: 2, ", SEGMENTS);
  }

  @Test
  void allRowsComeBackFromStorageThatFailsAtRandomAndIsGoneForAWhile() throws Exception {
    var cluster = TestCluster.recovering("r", "s", "", "");
    try (var restored = Instance.recovery(datacenter, cluster, PostgresInstallation.NEWEST)) {
      datacenter.s3.faults().troubleAtRandom(0.3, 20_261_123);
      restored.job().restore();
      restored.postgres.launch();
      Eventually.until(
          "a third of the segments is restored",
          () -> restored.manager.restored().size() > SEGMENTS / 3);
      datacenter.s3.refuse();
      Eventually.until(
          "an event says that recovery waits",
          () -> datacenter.api.events().toString().contains("RecoveryWaits"));
      datacenter.s3.accept();
      Eventually.until(
          "half of the segments is restored",
          () -> restored.manager.restored().size() > SEGMENTS / 2);
      datacenter.secret("keys", "key: nobody, secret: nothing");
      Eventually.until(
          "an event says what somebody has to put right",
          () -> datacenter.api.events().toString().contains("InvalidAccessKeyId"));
      datacenter.giveKeys();
      restored.postgres.waitForPromotion(Eventually.PATIENCE);

      assertThat(restored.postgres.value("select count(*) || ' ' || sum(n) from t"))
          .isEqualTo("50 1275");
      assertThat(restored.manager.restored()).hasSizeGreaterThan(SEGMENTS);
      assertThat(restored.manager.restoreErrors())
          .allMatch(
              failure -> failure.startsWith("NOT_FOUND") || failure.contains("InvalidAccessKeyId"));
    }
  }
}
