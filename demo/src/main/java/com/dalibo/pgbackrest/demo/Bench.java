package com.dalibo.pgbackrest.demo;

import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.SidecarProcess;
import com.dalibo.pgbackrest.testbed.program.PgBackRestProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Measures the packaged sidecar against a counterpart that is measured beside it: absolute figures
/// of a busy machine say little, ratios say more.
final class Bench {
  private static final Set<String> PARTS =
      Set.of("wal", "backlog", "replay", "backup", "memory", "start");
  private static final int PUSHES = 60;
  private static final int BACKLOG = 60;
  private static final int REPLAY = 60;
  private static final int EMPTY_PUSHES = 300;
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(90);
  private static final int WARM_UP = 5;

  private final BenchCluster cluster;
  private final PackagedSidecar packaged;

  private Bench(BenchCluster cluster) {
    this.cluster = cluster;
    this.packaged = PackagedSidecar.of(ImageRuntime.make(cluster.directory()));
  }

  static void main(String[] arguments) throws Exception {
    Set<String> parts = arguments.length == 0 ? PARTS : Set.of(arguments);
    if (!PARTS.containsAll(parts)) {
      System.err.println("usage: ./run bench [wal] [backlog] [replay] [backup] [memory] [start]");
      System.exit(2);
    }
    try (BenchCluster cluster = new BenchCluster()) {
      Bench bench = new Bench(cluster);
      if (parts.contains("wal")) {
        bench.wal();
      }
      if (parts.contains("backlog")) {
        bench.backlog();
      }
      if (parts.contains("replay")) {
        bench.replay();
      }
      if (parts.contains("backup")) {
        bench.backup();
      }
      if (parts.contains("start")) {
        new StartBench(cluster, bench.packaged).run();
      }
      if (parts.contains("memory")) {
        new MemoryBench(cluster, bench.packaged).run();
      }
    }
    System.out.printf(
        "%nLoad of the machine (1, 5, 15 minutes): %s; %d cores%n",
        Files.readString(Path.of("/proc/loadavg")).replaceAll("^(\\S+ \\S+ \\S+).*\\s*", "$1"),
        Runtime.getRuntime().availableProcessors());
    System.exit(0);
  }

  // -- WAL
  // -----------------------------------------------------------------------------------------

  private void wal() {
    Pushes real = pushes(PgBackRestProgram.path(), PUSHES);
    real.report("One 16 MiB WAL segment to S3 over TLS", "pgbackrest archive-push, bare");
    BenchTable.goal(
        "ratio of the medians", real.ours().median() / real.theirs().median(), 1.05, "x");
    BenchTable.goal("difference, pair by pair, median", real.more().median(), 5, "ms");
    // What pgBackRest does varies by more than what is looked for here.
    Pushes ownPart = pushes(cluster.programThatPushesNothing(), EMPTY_PUSHES);
    ownPart.report(
        "The same with a pgbackrest whose archive-push does nothing", "that program, bare");
    BenchTable.goal("the sidecar's own part of a call", ownPart.more().median(), 5, "ms");
  }

  private Pushes pushes(Path program, int most) {
    try (SidecarProcess _ = cluster.startSidecar(packaged.java(), packaged.flags(), program);
        InstanceManager manager = cluster.manager()) {
      manager.archive(cluster.nextSegment());
      try (BareProgram bare = BareProgram.push(program, cluster.configuration())) {
        for (int i = 0; i < WARM_UP; i++) {
          manager.archive(cluster.nextSegment());
          bare.run(cluster.nextSegment().toString());
        }
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        // A machine that is busy with other things gets fewer.
        long end = System.nanoTime() + LONG_ENOUGH.toNanos();
        for (int i = 0; i < most && System.nanoTime() < end; i++) {
          Path first = cluster.nextSegment();
          Path second = cluster.nextSegment();
          // Turn about: whatever the machine does beside, it does to both.
          if (i % 2 == 0) {
            ours.add(Times.of(() -> manager.archive(first)));
            theirs.add(Times.of(() -> bare.run(second.toString())));
          } else {
            theirs.add(Times.of(() -> bare.run(first.toString())));
            ours.add(Times.of(() -> manager.archive(second)));
          }
        }
        return new Pushes(new Times(ours), new Times(theirs));
      }
    }
  }

  /// Measured in pairs.
  private record Pushes(Times ours, Times theirs) {
    Times more() {
      List<Double> more = new ArrayList<>();
      for (int i = 0; i < ours.milliseconds().size(); i++) {
        more.add(ours.milliseconds().get(i) - theirs.milliseconds().get(i));
      }
      return new Times(more);
    }

    void report(String what, String bare) {
      BenchTable.title("%s, %d each, turn about".formatted(what, ours.milliseconds().size()));
      System.out.printf("%-44s %10s %10s%n", "", "median", "p90");
      BenchTable.line(bare, theirs.median(), theirs.p90(), "ms");
      BenchTable.line("WAL.Archive of the sidecar", ours.median(), ours.p90(), "ms");
      BenchTable.line("difference, pair by pair", more().median(), more().p90(), "ms");
      System.out.printf("%-44s %9.3fx%n", "ratio of the medians", ours.median() / theirs.median());
    }
  }

  // -- backlog
  // -------------------------------------------------------------------------------------

  /// Without look-ahead: the same segments without the marks that say that they are ready. Turn
  /// about, a quarter at a time.
  private void backlog() {
    List<Double> one = new ArrayList<>();
    List<Double> ahead = new ArrayList<>();
    try (SidecarProcess _ = cluster.startSidecar(packaged.java(), packaged.flags());
        InstanceManager manager = cluster.manager()) {
      manager.archive(cluster.nextSegment());
      for (int turn = 0; turn < 4; turn++) {
        one.addAll(archive(manager, segments(cluster::nextSegment)));
        ahead.addAll(archive(manager, segments(cluster::nextReadySegment)));
      }
    }
    BenchTable.title(
        "Backlog of %d WAL segments with 16 MiB, to S3 over TLS, each".formatted(BACKLOG));
    System.out.printf("%-44s %7.1f ms%n", "one at a time", new Times(one).mean());
    System.out.printf("%-44s %7.1f ms%n", "with look-ahead", new Times(ahead).mean());
    BenchTable.goal("ratio", new Times(ahead).mean() / new Times(one).mean(), 0.75, "x");
  }

  private static List<Path> segments(Supplier<Path> next) {
    List<Path> segments = new ArrayList<>();
    for (int i = 0; i < BACKLOG / 4; i++) {
      segments.add(next.get());
    }
    return segments;
  }

  private static List<Double> archive(InstanceManager manager, List<Path> segments) {
    List<Double> times = new ArrayList<>();
    for (Path segment : segments) {
      times.add(Times.of(() -> manager.archive(segment)));
    }
    return times;
  }

  // -- replay
  // --------------------------------------------------------------------------------------

  /// In clusters of their own, with the defaults and with pgBackRest's own compression.
  private void replay() throws IOException {
    for (String compression : List.of("zst", "gz")) {
      try (BenchCluster recovering = new BenchCluster(compression)) {
        ReplayBench.Measured measured =
            new ReplayBench(recovering, REPLAY).run(packaged.java(), packaged.flags());
        BenchTable.title(
            "%d WAL segments with 16 MiB (%s) for a recovery, from S3 over TLS, each, turn about"
                .formatted(REPLAY, compression));
        System.out.printf("%-44s %10s %10s%n", "", "mean", "p90");
        BenchTable.line(
            "pgbackrest archive-get, bare", measured.bare().mean(), measured.bare().p90(), "ms");
        BenchTable.line("one at a time", measured.single().mean(), measured.single().p90(), "ms");
        BenchTable.line("with prefetch", measured.ahead().mean(), measured.ahead().p90(), "ms");
        BenchTable.goal(
            "ratio to the bare one", measured.ahead().mean() / measured.bare().mean(), 1, "x");
        System.out.printf(
            "%-44s %9.3fx%n",
            "ratio to one at a time", measured.ahead().mean() / measured.single().mean());
      }
    }
  }

  // -- backup
  // --------------------------------------------------------------------------------------

  /// In clusters of their own, whose PostgreSQL runs. A bare full backup of a gigabyte takes some
  /// seconds, of which a part of a second is a meaningful share.
  private void backup() throws IOException, InterruptedException {
    BackupBench.Measured little = backup("An incremental backup with little change", "incr", 0, 10);
    BenchTable.goal(
        "difference of the medians", little.sidecar().median() - little.bare().median(), 500, "ms");
    BackupBench.Measured full = backup("A full backup of a gigabyte", "full", 15_000_000, 4);
    BenchTable.goal(
        "ratio of the medians", full.sidecar().median() / full.bare().median(), 1.03, "x");
  }

  private BackupBench.Measured backup(String what, String type, int rows, int rounds)
      throws IOException, InterruptedException {
    try (BenchCluster running = new BenchCluster()) {
      BackupBench.Measured measured =
          new BackupBench(running, type, rows, rounds).run(packaged.java(), packaged.flags());
      BenchTable.title(
          "%s, to S3 over TLS, %d each, turn about"
              .formatted(what, measured.bare().milliseconds().size()));
      System.out.printf("%-44s %10s %10s%n", "", "median", "p90");
      BenchTable.line(
          "pgbackrest backup, bare", measured.bare().median(), measured.bare().p90(), "ms");
      BenchTable.line(
          "Backup of the sidecar", measured.sidecar().median(), measured.sidecar().p90(), "ms");
      return measured;
    }
  }
}
