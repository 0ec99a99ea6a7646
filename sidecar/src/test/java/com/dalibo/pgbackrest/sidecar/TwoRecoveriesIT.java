package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two pods of one job on one volume, each with a PostgreSQL and a sidecar: the one before has not
/// ended when its successor begins. CNPG moves the data directory away in the successor; only one
/// may write into it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class TwoRecoveriesIT {
  private static final int MAJOR = PostgresInstallation.NEWEST;
  private static final Duration A_WHILE = Duration.ofSeconds(12);

  @TempDir static Path directory;
  private TestCluster datacenter;
  private Instance primary;
  private int restores;

  @BeforeAll
  void begin() {
    datacenter = new TestCluster(directory, "repo");
    datacenter.stanza("s", "", datacenter.repository("repo", "/r", "bundle: true,"));
    primary =
        Instance.archiving(datacenter, TestCluster.archiving("c", "s"), MAJOR, "--wal-segsize=1");
    primary.postgres.execute("create table t (n int)");
    primary.backup("backupType: full");
    for (var n = 0; n < 8; n++) {
      primary.postgres.execute("insert into t values (1)");
      var _ = primary.postgres.switchWal();
    }
    primary.archiveAll();
  }

  @AfterEach
  void heal() {
    datacenter.s3.faults().heal();
  }

  @AfterAll
  void end() {
    primary.close();
    datacenter.close();
  }

  @Test
  void aSidecarThatIsKilledWhilePostgresqlRecoversComesBackBeforeTheSuccessor() throws Exception {
    try (var before = recovery();
        var after = before.successor();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      recovers(before);
      before.sidecar().kill();
      var next = threads.submit(() -> after.job().restore());
      waits(after, next);
      before.startSidecar();
      waits(after, next);
      assertThat(before.postgres.isRunning()).isTrue();

      theOneBeforeEnds(before);
      completes(after, next);
    }
  }

  @Test
  void aSidecarThatIsKilledWhileItCopiesLeavesTheCopyToTheSuccessorAfterAMinute() throws Exception {
    try (var before = recovery();
        var after = before.successor();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      datacenter.s3.faults().holdWhere(TwoRecoveriesIT::readsTheBackup);
      var first = threads.submit(() -> before.job().restore());
      Eventually.until("it copies", () -> datacenter.s3.faults().held() > 0);
      before.sidecar().kill();
      datacenter.s3.faults().heal();
      assertThat(first).failsWithin(Eventually.PATIENCE);

      completes(after, threads.submit(() -> after.job().restore()));
    }
  }

  @Test
  void aSidecarThatHangsKeepsTheVolumeUntilItEnds() throws Exception {
    try (var before = recovery();
        var after = before.successor();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      recovers(before);
      signal("STOP", before);
      var next = threads.submit(() -> after.job().restore());
      waits(after, next);
      signal("CONT", before);
      waits(after, next);

      theOneBeforeEnds(before);
      completes(after, next);
    }
  }

  /// PostgreSQL waits for WAL in the middle of its recovery.
  private void recovers(Instance before) throws Exception {
    before.job().restore();
    datacenter.s3.faults().holdWhere(TwoRecoveriesIT::readsWal);
    before.postgres.launch();
    Eventually.until("it recovers", () -> datacenter.s3.faults().held() > 0);
  }

  /// Nothing is put where PostgreSQL of the pod before may write.
  private static void waits(Instance after, Future<?> next) throws InterruptedException {
    Thread.sleep(A_WHILE);
    assertThat(next).isNotDone();
    assertThat(after.pod.pgData()).doesNotExist();
  }

  private void theOneBeforeEnds(Instance before) {
    before.postgres.kill();
    datacenter.s3.faults().heal();
    before.sidecar().close();
  }

  private void completes(Instance after, Future<?> next) throws Exception {
    next.get();
    after.postgres.start().waitForPromotion(Eventually.PATIENCE);
    assertThat(rows(after)).isEqualTo(rows(primary));
    assertThat(Files.isSymbolicLink(after.pod.pgData().getParent())).isTrue();
  }

  private static void signal(String name, Instance instance) throws Exception {
    var pid = Long.toString(instance.sidecar().pid());
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
  }

  private static boolean readsWal(String request) {
    return request.startsWith("GET ") && request.matches(".*/archive/.*/[0-9A-F]{24}-.*");
  }

  private static boolean readsTheBackup(String request) {
    return request.startsWith("GET ") && request.contains("/backup/main/2");
  }

  private Instance recovery() {
    return Instance.recovery(
        datacenter, TestCluster.recovering("r" + ++restores, "s", "", ""), MAJOR);
  }

  private static String rows(Instance instance) {
    return instance.postgres.value("select count(*) || ' ' || coalesce(sum(n), 0) from t");
  }
}
