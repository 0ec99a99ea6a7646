package com.dalibo.pgbackrest.demo;

import com.dalibo.pgbackrest.testbed.cnpg.SidecarProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How long the sidecar takes to its first answer, with and without what the image adds.
record StartBench(BenchCluster cluster, PackagedSidecar packaged) {
  private static final int STARTS = 9;

  void run() {
    Map<String, Starts> starts = new LinkedHashMap<>();
    for (int round = 0; round < STARTS; round++) {
      packaged
          .variants()
          .forEach(
              (name, flags) -> {
                try (SidecarProcess sidecar = cluster.startSidecar(packaged.java(), flags)) {
                  starts.computeIfAbsent(name, _ -> new Starts()).add(sidecar);
                }
              });
    }
    BenchTable.title(
        "From start to the first answered Probe, %d each, turn about".formatted(STARTS));
    System.out.printf(
        "%-44s %10s %10s %10s %10s %10s%n", "", "fastest", "median", "p90", "CPU", "ratio");
    double first = new Times(starts.values().iterator().next().times()).median();
    starts.forEach(
        (name, all) -> {
          Times measured = new Times(all.times());
          System.out.printf(
              "%-44s %7.0f ms %7.0f ms %7.0f ms %7.0f ms %9.2fx%n",
              name,
              measured.quantile(0),
              measured.median(),
              measured.p90(),
              new Times(all.processor()).median(),
              first / measured.median());
        });
    BenchTable.goal("start of the packaged sidecar", first, 500, "ms");
  }

  private record Starts(List<Double> times, List<Double> processor) {
    Starts() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void add(SidecarProcess sidecar) {
      // The processor's time first: it goes on.
      processor.add(
          ProcessHandle.of(sidecar.pid())
                  .flatMap(process -> process.info().totalCpuDuration())
                  .orElse(Duration.ZERO)
                  .toNanos()
              / 1e6);
      times.add(sidecar.startDuration().toNanos() / 1e6);
    }
  }
}
