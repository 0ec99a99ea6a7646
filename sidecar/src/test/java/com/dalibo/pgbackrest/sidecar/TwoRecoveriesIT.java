package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Two pods of one job on one volume, each with a PostgreSQL and a sidecar: the one before has not
/// ended when its successor begins. CNPG moves the data directory away in the successor; only one
/// may write into it.
@Timeout(600)
class TwoRecoveriesIT {
  private static final Duration A_WHILE = Duration.ofSeconds(12);

  @TempDir static Path directory;

  @RegisterExtension static final PrimaryStage stage = new PrimaryStage(() -> directory);

  @BeforeAll
  static void begin() {
    stage.archive(8, 1);
  }

  @Test
  void aSidecarThatIsKilledWhilePostgresqlRecoversComesBackBeforeTheSuccessor() throws Exception {
    try (var before = stage.recovery();
        var after = before.successor();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      recovers(before);
      before.sidecar().kill();
      var next = threads.submit(() -> after.job().restore());
      waits(after, next);
      before.startSidecar();
      Eventually.until("it holds the volume again", () -> isHeldFrom(after));
      waits(after, next);
      assertThat(before.postgres.isRunning()).isTrue();

      theOneBeforeEnds(before);
      completes(after, next);
    }
  }

  @Test
  void aSidecarThatIsKilledWhileItCopiesLeavesTheCopyToTheSuccessorAfterAMinute() throws Exception {
    try (var before = stage.recovery();
        var after = before.successor();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      stage.datacenter.s3.faults().holdWhere(TwoRecoveriesIT::readsTheBackup);
      var first = threads.submit(() -> before.job().restore());
      Eventually.until("it copies", () -> stage.datacenter.s3.faults().held() > 0);
      before.sidecar().kill();
      stage.datacenter.s3.faults().heal();
      assertThat(first).failsWithin(Eventually.PATIENCE);

      completes(after, threads.submit(() -> after.job().restore()));
    }
  }

  @Test
  void aSidecarThatHangsKeepsTheVolumeUntilItEnds() throws Exception {
    try (var before = stage.recovery();
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
  private static void recovers(Instance before) throws Exception {
    before.job().restore();
    stage.datacenter.s3.faults().holdWhere(TwoRecoveriesIT::readsWal);
    before.postgres.launch();
    Eventually.until("it recovers", () -> stage.datacenter.s3.faults().held() > 0);
  }

  /// Nothing is put where PostgreSQL of the pod before may write.
  private static void waits(Instance after, Future<?> next) throws InterruptedException {
    Thread.sleep(A_WHILE);
    assertThat(next).isNotDone();
    assertThat(after.pod.pgData()).doesNotExist();
  }

  /// By the sidecar of a pod that runs, and not for the minute after its end.
  private static boolean isHeldFrom(Instance after) {
    return new UserView(stage.datacenter.api)
        .events("Cluster").stream()
            .anyMatch(
                event ->
                    event.contains(
                        "another pod restores or recovers '%s' now".formatted(after.pod.pgData())));
  }

  private static void theOneBeforeEnds(Instance before) {
    before.postgres.kill();
    stage.datacenter.s3.faults().heal();
    before.sidecar().close();
  }

  private static void completes(Instance after, Future<?> next) throws Exception {
    next.get();
    after.postgres.start().waitForPromotion(Eventually.PATIENCE);
    assertThat(PrimaryStage.rows(after)).isEqualTo(PrimaryStage.rows(stage.primary));
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
}
