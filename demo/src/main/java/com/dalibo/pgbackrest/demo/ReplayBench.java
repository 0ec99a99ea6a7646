package com.dalibo.pgbackrest.demo;

import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.SidecarProcess;
import com.dalibo.pgbackrest.testbed.program.PgBackRestProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// WAL segments as the recovery of a new cluster asks for them, one after the other: by a bare
/// `pgbackrest archive-get` each, through the sidecar backwards, where it fetches nothing ahead,
/// and forwards, turn about. Nothing is replayed meanwhile, so nothing is fetched during a replay.
final class ReplayBench {
  private static final int TURNS = 3;

  private final BenchCluster cluster;
  private final int segments;

  /// @param segments in all, each fetched in all three ways
  ReplayBench(BenchCluster cluster, int segments) {
    this.cluster = cluster;
    this.segments = segments;
  }

  /// @param bare in milliseconds, as the others
  record Measured(Times bare, Times single, Times ahead) {}

  Measured run(Path java, List<String> jvmFlags) throws IOException {
    List<Double> bare = new ArrayList<>();
    List<Double> single = new ArrayList<>();
    List<Double> ahead = new ArrayList<>();
    try (SidecarProcess _ = cluster.startSidecar(java, jvmFlags)) {
      List<String> names = archive();
      Path destination = cluster.leaveInRecovery();
      try (InstanceManager manager = cluster.recoveringManager();
          BareProgram program =
              BareProgram.get(PgBackRestProgram.path(), cluster.configuration(), destination)) {
        int each = segments / TURNS;
        for (int turn = 0; turn < TURNS; turn++) {
          List<String> these = names.subList(turn * each, (turn + 1) * each);
          these.forEach(name -> bare.add(fetch(destination, () -> program.run(name))));
          these
              .reversed()
              .forEach(
                  name -> single.add(fetch(destination, () -> manager.restore(name, destination))));
          these.forEach(
              name -> ahead.add(fetch(destination, () -> manager.restore(name, destination))));
        }
      }
    }
    return new Measured(new Times(bare), new Times(single), new Times(ahead));
  }

  private List<String> archive() throws IOException {
    List<String> names = new ArrayList<>();
    try (InstanceManager manager = cluster.manager()) {
      for (int i = 0; i < segments; i++) {
        Path segment = cluster.nextSegment();
        manager.archive(segment);
        names.add(segment.getFileName().toString());
        Files.delete(segment);
      }
    }
    return names;
  }

  private static double fetch(Path destination, Runnable work) {
    try {
      Files.deleteIfExists(destination);
      double time = Times.of(work);
      if (!Files.exists(destination)) {
        throw new IllegalStateException("nothing was fetched to '" + destination + "'");
      }
      return time;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
