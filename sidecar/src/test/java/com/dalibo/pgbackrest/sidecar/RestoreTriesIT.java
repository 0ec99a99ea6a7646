package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What a restore does with what an earlier try of it has left on the volumes.
@Timeout(600)
class RestoreTriesIT {
  @TempDir static Path directory;

  @RegisterExtension static final RestoreStage stage = new RestoreStage(() -> directory);

  @Test
  void whatAKilledTryLeftBehindIsNoObstacle() throws Exception {
    try (var restored = stage.restored("main", "walStorage: {size: 1Gi}", "")) {
      var wal = Files.createDirectories(restored.pod.directory().resolve("wal/pg_wal"));
      Files.writeString(wal.resolve("000000010000000000000002"), "half");
      Files.createDirectories(restored.pod.pgData().resolve("base/1"));
      Files.writeString(restored.pod.pgData().resolve("base/1/1249.pgbackrest.tmp"), "half");

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      assertThat(restored.pod.pgData().resolve("pg_wal")).isSymbolicLink();
    }
  }

  @Test
  void aRecoveryThatFailedAfterTheCopyGoesOnWithIt() throws Exception {
    try (var restored = stage.restored("main", "walStorage: {size: 1Gi}", "")) {
      restored.job.restore();
      killedInTheRecovery(restored);
      var file = restored.file("global/pg_filenode.map");

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      assertThat(restored.file("global/pg_filenode.map")).isEqualTo(file);
      assertThat(names(restored.pod.pgData().getParent())).containsExactly("pgdata");
      assertThat(names(restored.pod.directory().resolve("wal"))).containsExactly("pg_wal");
    }
  }

  @Test
  void anotherTargetNeedsOnlyWhatTheEarlierCopyLacks() throws Exception {
    try (var restored = stage.restored("main", "walStorage: {size: 1Gi}", "")) {
      restored.job.restore();
      killedInTheRecovery(restored);
      var file = restored.file("global/pg_filenode.map");
      Files.writeString(restored.pod.pgData().resolve("base/of-the-first-try"), "x");
      restored.cluster.recoveryTarget(
          "{targetImmediate: true, backupID: %s}".formatted(stage.full.getBackupId()));

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1");
      assertThat(restored.file("global/pg_filenode.map")).isEqualTo(file);
      assertThat(restored.pod.pgData().resolve("base/of-the-first-try")).doesNotExist();
      assertThat(names(restored.pod.pgData().getParent())).containsExactly("pgdata");
      assertThat(names(restored.pod.directory().resolve("wal"))).containsExactly("pg_wal");
    }
  }

  /// CNPG has emptied them meanwhile, or the first try was killed while they were written.
  @Test
  void theSettingsOfTheBackupAreRestoredByALaterTryToo() throws Exception {
    try (var restored = stage.restored("main", "walStorage: {size: 1Gi}", "")) {
      restored.job.restore();
      killedInTheRecovery(restored);
      Files.writeString(restored.pod.pgData().resolve("postgresql.auto.conf"), "");
      restored.cluster.recoveryTarget(
          "{targetImmediate: true, backupID: %s}".formatted(stage.full.getBackupId()));

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.postgres.value("show work_mem")).isEqualTo("7MB");
    }
  }

  /// By a damaged volume, say.
  @Test
  void aNoteThatCannotBeUnderstoodKeepsNoRecoveryFromItsEnd() throws Exception {
    try (var restored = stage.restored("main", "walStorage: {size: 1Gi}", "")) {
      restored.job.restore();
      killedInTheRecovery(restored);
      Files.writeString(
          restored.pod.pgData().resolve("pgbackrest-plugin.restored"),
          "backup=\\u12\nmisses=many\n");

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
    }
  }

  /// A Job gets a new pod while the one before is still being deleted.
  @Test
  void aRestoreWaitsUntilThePodBeforeHasEnded() throws Exception {
    try (var restored = stage.restored("main", "instances: 1", "");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var data = Files.createDirectories(restored.pod.pgData().getParent());
      Future<?> second;
      try (var before =
              FileChannel.open(
                  data.resolve("pgbackrest-plugin.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var _ = before.lock()) {
        second = threads.submit(() -> restored.job.restore());
        Eventually.until(
            "it is told",
            () ->
                new UserView(stage.api)
                    .events("Cluster", "RestoreWaiting").stream()
                        .anyMatch(
                            words ->
                                words.contains("another pod restores or recovers")
                                    && words.contains(restored.cluster.name())));
        assertThat(restored.pod.pgData()).doesNotExist();
      }
      second.get();
      restored.job.recover();
      restored.postgres.start();
      assertThat(restored.rows()).isEqualTo("1,2,3");
    }
  }

  /// Nothing is copied beside it, for which there may be no room.
  @Test
  void whatFailedThreeTimesIsComparedAnew() throws Exception {
    try (var restored = stage.restored("main", "walStorage: {size: 1Gi}", "")) {
      restored.job.restore();
      killedInTheRecovery(restored);
      var file = restored.file("global/pg_filenode.map");
      Files.writeString(restored.pod.pgData().resolve("base/of-the-first-try"), "x");
      var record = restored.pod.pgData().resolve("pgbackrest-plugin.restored");
      Files.writeString(record, Files.readString(record).replace("continued=0", "continued=3"));

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      assertThat(restored.pod.pgData().resolve("base/of-the-first-try")).doesNotExist();
      assertThat(restored.file("global/pg_filenode.map")).isEqualTo(file);
      assertThat(names(restored.pod.pgData().getParent())).containsExactly("pgdata");
      assertThat(names(restored.pod.directory().resolve("wal"))).containsExactly("pg_wal");
    }
  }

  /// CNPG could not configure the new cluster, say.
  @Test
  void nothingIsWrittenOverARecoveryThatWasComplete() throws Exception {
    try (var restored = stage.restored("main", "instances: 1", "")) {
      restored.job.run();
      Files.writeString(restored.pod.pgData().resolve("of-the-first-try"), "x");

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      assertThat(restored.pod.pgData().resolve("of-the-first-try")).doesNotExist();
      var aside =
          names(restored.pod.pgData().getParent()).stream()
              .filter(name -> name.startsWith("pgdata_"))
              .toList();
      assertThat(aside).hasSize(1);
      assertThat(restored.pod.pgData().resolveSibling(aside.getFirst()).resolve("of-the-first-try"))
          .exists();
    }
  }

  @Test
  void aRecoveryThatPostgresqlEndsEachTimeIsReportedWithTheCommandThatShowsWhy() throws Exception {
    try (var restored = stage.restored("main", "instances: 1", "")) {
      for (var tries = 0; tries < 2; tries++) {
        restored.job.restore();
        restored.postgres.append("custom.conf", "shared_preload_libraries = 'nowhere'");
        restored.postgres.launch();
        assertThat(restored.postgres.waitForExit()).isNotZero();
      }
      assertThat(repetitions(restored)).isEmpty();

      restored.job.restore();
      isReportedAsRepeated(restored, 2);
    }
  }

  private void isReportedAsRepeated(Restored restored, int tries) throws Exception {
    Eventually.until("it is reported", () -> !repetitions(restored).isEmpty());
    assertThat(repetitions(restored))
        .singleElement()
        .asString()
        .startsWith(
            "the recovery of cluster '%s' was not completed in %d tries, and continues"
                .formatted(restored.cluster.name(), tries))
        .contains(
            "kubectl logs --namespace default --selector job-name=%s-1-full-recovery --container full-recovery"
                .formatted(restored.cluster.name()))
        .contains("Correct what it names");
  }

  private List<String> repetitions(Restored restored) {
    return new UserView(stage.api)
        .events("Cluster", "RecoveryRepeated").stream()
            .filter(
                words -> words.contains("cluster '%s' was not".formatted(restored.cluster.name())))
            .toList();
  }

  @Test
  void aCopyThatWasKilledIsCompleted() throws Exception {
    try (var restored = stage.restored("main", "walStorage: {size: 1Gi}", "")) {
      restored.job.restore();
      var file = restored.file("global/pg_filenode.map");
      var copy = restored.pod.pgData().resolveSibling("pgbackrest-plugin.copy");
      Files.move(restored.pod.pgData(), copy);
      Files.delete(copy.resolve("global/pg_control"));
      Files.delete(copy.resolve("global/1262"));

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      assertThat(restored.file("global/pg_filenode.map")).isEqualTo(file);
      assertThat(names(restored.pod.pgData().getParent())).containsExactly("pgdata");
    }
  }

  /// By the kernel, say, before it is over.
  private void killedInTheRecovery(Restored restored) throws Exception {
    stage.s3.faults().failWhere(request -> request.contains(stage.last));
    restored.postgres.launch();
    Eventually.until(
        "recovery has begun", () -> Files.notExists(restored.pod.pgData().resolve("backup_label")));
    restored.postgres.kill();
    stage.s3.faults().heal();
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("pgbackrest-plugin.lock"))
          .toList();
    }
  }
}
