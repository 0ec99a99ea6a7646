package com.dalibo.pgbackrest.demo;

import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.SidecarProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What memory the sidecar takes, idle and after calls, with and without what the image adds.
record MemoryBench(BenchCluster cluster, PackagedSidecar packaged) {
  private static final int CALLS = 10_000;
  // Two turns of the timer that gives memory back to the kernel.
  private static final Duration SETTLING = Duration.ofSeconds(12);

  void run() throws InterruptedException {
    Map<String, Footprint> footprints = new LinkedHashMap<>();
    for (var variant : packaged.variants().entrySet()) {
      footprints.put(variant.getKey(), measure(variant.getValue()));
    }
    footprints.put(
        "a JVM that does nothing, same settings", measureIdle(SidecarProcess.IMAGE_FLAGS));
    footprints.put("a JVM that does nothing, JVM defaults", measureIdle(List.of()));
    Footprint first = footprints.values().iterator().next();
    BenchTable.title(
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
    BenchTable.goal("RSS after the calls", first.loaded().resident(), 75, "MB");
    BenchTable.goal("anonymous memory after the calls", first.loaded().anonymous(), 40, "MB");
  }

  private Footprint measure(List<String> flags) throws InterruptedException {
    try (SidecarProcess sidecar = cluster.startSidecar(packaged.java(), flags);
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
    command.add(packaged.java().toString());
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

  private record Footprint(ProcessMemory idle, ProcessMemory loaded) {}
}
