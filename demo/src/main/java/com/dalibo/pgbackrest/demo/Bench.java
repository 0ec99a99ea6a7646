package com.dalibo.pgbackrest.demo;

import com.dalibo.pgbackrest.testbed.InstanceManager;
import com.dalibo.pgbackrest.testbed.Sidecar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Measures the packaged sidecar against a counterpart that is measured beside it: absolute figures
/// of a busy machine say little, ratios say more.
final class Bench {
  private static final Set<String> PARTS = Set.of("wal", "memory", "start");
  private static final int PUSHES = 60;
  private static final int WARM_UP = 10;
  private static final int CALLS = 10_000;
  private static final int STARTS = 9;
  // Two turns of the timer that gives memory back to the kernel.
  private static final Duration SETTLING = Duration.ofSeconds(12);

  private final BenchCluster cluster;

  private Bench(BenchCluster cluster) {
    this.cluster = cluster;
  }

  static void main(String[] arguments) throws Exception {
    Set<String> parts = arguments.length == 0 ? PARTS : Set.of(arguments);
    if (!PARTS.containsAll(parts)) {
      System.err.println("usage: ./run bench [wal] [memory] [start]");
      System.exit(2);
    }
    try (BenchCluster cluster = new BenchCluster()) {
      Bench bench = new Bench(cluster);
      if (parts.contains("wal")) {
        bench.wal();
      }
      if (parts.contains("memory") || parts.contains("start")) {
        List<String> packaged = bench.train();
        if (parts.contains("start")) {
          bench.start(packaged);
        }
        if (parts.contains("memory")) {
          bench.memory(packaged);
        }
      }
    }
    System.exit(0);
  }

  // -- WAL ---------------------------------------------------------------------------------------

  private void wal() {
    try (Sidecar _ = cluster.startSidecar(Sidecar.IMAGE_FLAGS);
        InstanceManager manager = cluster.manager()) {
      manager.archive(cluster.nextSegment());
      try (BarePush bare = new BarePush(cluster.configuration())) {
        for (int i = 0; i < WARM_UP; i++) {
          manager.archive(cluster.nextSegment());
          bare.push(cluster.nextSegment());
        }
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (int i = 0; i < PUSHES; i++) {
          Path first = cluster.nextSegment();
          Path second = cluster.nextSegment();
          // Turn about: whatever the machine does beside, it does to both.
          if (i % 2 == 0) {
            ours.add(Times.of(() -> manager.archive(first)));
            theirs.add(Times.of(() -> bare.push(second)));
          } else {
            theirs.add(Times.of(() -> bare.push(first)));
            ours.add(Times.of(() -> manager.archive(second)));
          }
        }
        reportWal(new Times(ours), new Times(theirs));
      }
    }
  }

  private static void reportWal(Times ours, Times theirs) {
    title("One 16 MiB WAL segment to S3 over TLS, %d each, turn about".formatted(PUSHES));
    System.out.printf("%-44s %10s %10s%n", "", "median", "p90");
    line("pgbackrest archive-push, bare", theirs.median(), theirs.p90(), "ms");
    line("WAL.Archive of the sidecar", ours.median(), ours.p90(), "ms");
    System.out.printf(
        "%-44s %9.3fx %9.3fx%n",
        "ratio", ours.median() / theirs.median(), ours.p90() / theirs.p90());
    goal("ratio of the medians", ours.median() / theirs.median(), 1.05, "x");
    goal("difference of the medians", ours.median() - theirs.median(), 5, "ms");
  }

  // -- start -------------------------------------------------------------------------------------

  /// The start cache is made as the image build makes it: by a run that does typical work.
  private List<String> train() {
    Path cache = cluster.directory().resolve("sidecar.aot");
    List<String> training = with(Sidecar.IMAGE_FLAGS, "-XX:AOTCacheOutput=" + cache);
    try (Sidecar sidecar = cluster.startSidecar(training);
        InstanceManager manager = cluster.manager();
        InstanceManager idle = cluster.idleManager()) {
      manager.archive(cluster.nextSegment());
      call(idle, 300);
      var _ = sidecar.terminate(Duration.ofMinutes(2));
    }
    return with(Sidecar.IMAGE_FLAGS, "-XX:AOTCache=" + cache);
  }

  private Map<String, List<String>> variants(List<String> packaged) {
    Map<String, List<String>> variants = new LinkedHashMap<>();
    variants.put("sidecar as in the image, with start cache", packaged);
    variants.put("same without start cache", Sidecar.IMAGE_FLAGS);
    variants.put("same jar, JVM defaults", List.of());
    return variants;
  }

  private void start(List<String> packaged) {
    Map<String, List<Double>> times = new LinkedHashMap<>();
    for (int round = 0; round < STARTS; round++) {
      variants(packaged)
          .forEach(
              (name, flags) -> {
                try (Sidecar sidecar = cluster.startSidecar(flags)) {
                  times
                      .computeIfAbsent(name, _ -> new ArrayList<>())
                      .add(sidecar.startDuration().toNanos() / 1e6);
                }
              });
    }
    title("From start to the first answered Probe, %d each, turn about".formatted(STARTS));
    System.out.printf("%-44s %10s %10s %10s%n", "", "median", "p90", "ratio");
    double first = new Times(times.values().iterator().next()).median();
    times.forEach(
        (name, all) -> {
          Times measured = new Times(all);
          System.out.printf(
              "%-44s %7.0f ms %7.0f ms %9.2fx%n",
              name, measured.median(), measured.p90(), first / measured.median());
        });
    goal("start of the packaged sidecar", first, 500, "ms");
  }

  // -- memory ------------------------------------------------------------------------------------

  private record Footprint(ProcessMemory idle, ProcessMemory loaded) {}

  private void memory(List<String> packaged) throws InterruptedException {
    Map<String, Footprint> footprints = new LinkedHashMap<>();
    for (var variant : variants(packaged).entrySet()) {
      footprints.put(variant.getKey(), measure(variant.getValue()));
    }
    footprints.put("a JVM that does nothing, same settings", measureIdle(Sidecar.IMAGE_FLAGS));
    footprints.put("a JVM that does nothing, JVM defaults", measureIdle(List.of()));
    Footprint first = footprints.values().iterator().next();
    title(
        "Memory, MB: idle for %d s, and %d s after %,d calls"
            .formatted(SETTLING.toSeconds(), SETTLING.toSeconds(), CALLS));
    System.out.printf(
        "%-44s %9s %9s %9s %9s %9s%n", "", "RSS", "anon", "RSS 10k", "anon 10k", "ratio");
    footprints.forEach(
        (name, footprint) ->
            System.out.printf(
                "%-44s %9.0f %9.0f %9.0f %9.0f %8.2fx%n",
                name,
                footprint.idle().resident(),
                footprint.idle().anonymous(),
                footprint.loaded().resident(),
                footprint.loaded().anonymous(),
                first.loaded().resident() / footprint.loaded().resident()));
    goal("RSS after the calls", first.loaded().resident(), 75, "MB");
    goal("anonymous memory after the calls", first.loaded().anonymous(), 40, "MB");
  }

  private Footprint measure(List<String> flags) throws InterruptedException {
    try (Sidecar sidecar = cluster.startSidecar(flags);
        InstanceManager manager = cluster.manager();
        InstanceManager idleManager = cluster.idleManager()) {
      Thread.sleep(SETTLING);
      ProcessMemory idle = ProcessMemory.of(sidecar.pid());
      for (int i = 0; i < 20; i++) {
        manager.archive(cluster.nextSegment());
      }
      call(idleManager, CALLS);
      Thread.sleep(SETTLING);
      return new Footprint(idle, ProcessMemory.of(sidecar.pid()));
    }
  }

  private Footprint measureIdle(List<String> flags) throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Idle.class.getName()));
    Process process = launch(command);
    try {
      Thread.sleep(SETTLING);
      ProcessMemory memory = ProcessMemory.of(process.pid());
      return new Footprint(memory, memory);
    } finally {
      process.destroy();
    }
  }

  private static Process launch(List<String> command) {
    try {
      return new ProcessBuilder(command).inheritIO().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void call(InstanceManager manager, int times) {
    Path segment = cluster.nextSegment();
    for (int i = 0; i < times; i++) {
      manager.archive(segment);
    }
  }

  // -- the table ---------------------------------------------------------------------------------

  private static List<String> with(List<String> flags, String more) {
    List<String> all = new ArrayList<>(flags);
    all.add(more);
    return all;
  }

  private static void title(String text) {
    System.out.printf("%n%s%n", text);
  }

  private static void line(String name, double median, double p90, String unit) {
    System.out.printf("%-44s %7.1f %s %7.1f %s%n", name, median, unit, p90, unit);
  }

  private static void goal(String name, double value, double limit, String unit) {
    System.out.printf(
        "%-44s %.2f %s, goal at most %.2f %s: %s%n",
        name, value, unit, limit, unit, value <= limit ? "met" : "NOT MET");
  }
}
