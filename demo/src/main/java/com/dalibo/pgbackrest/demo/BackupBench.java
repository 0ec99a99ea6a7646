package com.dalibo.pgbackrest.demo;

import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.SidecarProcess;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.program.PgBackRestProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Backups of a PostgreSQL in which little has changed since the one before, through the sidecar
/// and by a bare `pgbackrest backup` with its configuration, turn about. The bare one neither waits
/// for its WAL nor proves that it is there.
///
/// pgBackRest copies no file before the next full second of the clock, so that a backup takes up to
/// a second longer, depending on when it begins. Each pair therefore begins at the same part of a
/// second, and the pairs at parts that are spread over it.
final class BackupBench {
  /// By then the sidecar has asked its repository for the status.
  private static final Duration SETTLING = Duration.ofSeconds(4);

  private final BenchCluster cluster;
  private final String type;
  private final int rows;
  private final int rounds;

  /// @param type `full` or `incr`
  /// @param rows of 65 bytes that the database gets, a million of which are ten segments of WAL
  /// @param rounds of two backups each
  BackupBench(BenchCluster cluster, String type, int rows, int rounds) {
    this.cluster = cluster;
    this.type = type;
    this.rows = rows;
    this.rounds = rounds;
  }

  /// @param sidecar in milliseconds
  /// @param bare in milliseconds
  record Measured(Times sidecar, Times bare) {}

  Measured run(Path java, List<String> jvmFlags) throws IOException, InterruptedException {
    List<Double> sidecar = new ArrayList<>();
    List<Double> bare = new ArrayList<>();
    try (SidecarProcess _ = cluster.startSidecar(java, jvmFlags);
        InstanceManager manager = cluster.manager()) {
      Postgres postgres = cluster.startArchiving(manager);
      postgres.execute(
          "create table more as select n, md5(n::text) from generate_series(1, %d) n"
              .formatted(rows));
      backUp(manager, "full");
      Path configuration = cluster.configuration();
      for (int round = 0; round < rounds; round++) {
        change(postgres);
        settle(postgres, round);
        sidecar.add(Times.of(() -> backUp(manager, type)));
        change(postgres);
        settle(postgres, round);
        long began = System.nanoTime();
        backUpBare(configuration);
        bare.add((System.nanoTime() - began) / 1e6);
      }
      postgres.stop();
    }
    return new Measured(new Times(sidecar), new Times(bare));
  }

  private static void change(Postgres postgres) {
    postgres.execute("update filler set md5 = md5(md5) where n % 1000 = 0");
  }

  private void settle(Postgres postgres, int round) throws InterruptedException {
    Thread.sleep(SETTLING);
    // A backup waits for a checkpoint that takes its time, unless there is nothing to write.
    postgres.execute("checkpoint");
    long phase = round * 1000L / rounds;
    Thread.sleep(Math.floorMod(phase - System.currentTimeMillis(), 1000L));
  }

  private static void backUp(InstanceManager manager, String type) {
    manager.backup(
        Example.of("backup.yaml")
            .with("backupType: full", "backupType: " + type)
            .with("backup-example", "backup-" + System.nanoTime())
            .yaml());
  }

  private void backUpBare(Path configuration) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                PgBackRestProgram.path().toString(),
                "--config=" + configuration,
                "--stanza=main",
                "--repo=1",
                "--type=" + type,
                "--log-level-console=error",
                "backup")
            .inheritIO();
    builder.environment().keySet().removeIf(name -> name.startsWith("PGBACKREST"));
    int status = builder.start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("pgbackrest backup ended with " + status);
    }
  }
}
