package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.kubernetes.ClusterReader;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import com.dalibo.pgbackrest.sidecar.walrestore.PropertiesFile;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Counts the tries of a recovery from volume snapshots, and reports it when it is begun again and
/// again. CNPG asks the plugin for no restore there, but it writes `recovery.signal` before each
/// start of PostgreSQL, on the same volumes: each time of that file is a try. The count lies beside
/// it, so that it outlives the pod.
public final class SnapshotTries {
  private static final String NAME = "pgbackrest-plugin.tries";
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Log log = Log.named("recovery");

  private final Path pgData;
  private final String job;
  private final boolean inPod;
  private final ClusterReader clusters;
  private final Events events;
  private String atStart = "";

  /// @param job the name of the job or, where the pod is the instance's, of the pod
  /// @param inPod whether it recovers in the pod of the instance, and in no job
  public SnapshotTries(
      Path pgData, String job, boolean inPod, ClusterReader clusters, Events events) {
    this.pgData = pgData;
    this.job = job;
    this.inPod = inPod;
    this.clusters = clusters;
    this.events = events;
  }

  /// Before CNPG starts PostgreSQL; what is there of an earlier try is no new one.
  public void start() throws IOException {
    begin();
    var _ = Thread.ofVirtual().name("snapshot-tries").start(this::watch);
  }

  void begin() throws IOException {
    atStart = signal();
  }

  /// Where the recovery is over.
  static void forget(Path pgData) throws IOException {
    Files.deleteIfExists(pgData.resolve(NAME));
  }

  private void watch() {
    try {
      while (true) {
        var cluster = read();
        if (cluster.isPresent()) {
          if (cluster.get().currentPrimary().isPresent()) {
            return;
          }
          watch(cluster.get());
        }
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException _) {
      // The sidecar stops.
    }
  }

  /// For a while: the Cluster may have a primary by then.
  private void watch(Cluster cluster) throws InterruptedException {
    for (var looked = Duration.ZERO; looked.compareTo(PAUSE) < 0; looked = looked.plus(LOOK)) {
      try {
        look(cluster)
            .ifPresent(
                words -> {
                  log.warning(words);
                  events.warning(cluster, RestoreReason.RECOVERY_REPEATED, words);
                });
      } catch (IOException | NumberFormatException trouble) {
        log.debug("a try of the recovery is not counted", "cause", trouble.getMessage());
      }
      Thread.sleep(LOOK);
    }
  }

  private Optional<Cluster> read() throws InterruptedException {
    try {
      return clusters.read();
    } catch (KubernetesException trouble) {
      log.debug("the Cluster cannot be read", "cause", trouble.getMessage());
      return Optional.empty();
    }
  }

  /// Counts a try that has begun since.
  ///
  /// @return what to report of those before it
  Optional<String> look(Cluster cluster) throws IOException {
    var now = signal();
    var before = Tries.read(pgData).filter(tries -> tries.cluster().equals(cluster.uid()));
    var seen = before.map(Tries::seen).orElse(atStart);
    if (now.isEmpty() || now.equals(seen)) {
      return Optional.empty();
    }
    var begun = before.map(Tries::begun).orElse(0);
    new Tries(cluster.uid(), begun + 1, now).write(pgData);
    return RepeatedRecovery.words(cluster, begun, job, inPod);
  }

  /// When CNPG last wrote that file; empty where there is none.
  private String signal() throws IOException {
    var file = pgData.resolve("recovery.signal");
    return Files.exists(file) ? Files.getLastModifiedTime(file).toString() : "";
  }

  /// @param cluster the uid of the Cluster: a snapshot may have brought those of another
  /// @param begun how many there were
  /// @param seen the time of the last one
  private record Tries(String cluster, int begun, String seen) {
    static Optional<Tries> read(Path pgData) throws IOException {
      return PropertiesFile.read(pgData.resolve(NAME))
          .map(file -> new Tries(file.text("cluster"), file.number("begun"), file.text("seen")));
    }

    void write(Path pgData) throws IOException {
      new PropertiesFile(Map.of("cluster", cluster, "begun", Integer.toString(begun), "seen", seen))
          .write(pgData.resolve(NAME));
    }
  }
}
