package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.postgres.RequiredSettings;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reports a recovery that stands still because the WAL was written with larger settings than the
/// new cluster has. PostgreSQL pauses there for ever and says so in its log alone; what it needs is
/// in its control file, what it has in the configuration that CNPG wrote.
final class RecoveryPauseWatch {
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Log log = Log.named("restore");

  private static final Pattern SETTING =
      Pattern.compile("\\s*([A-Za-z_]+)\\s*=?\\s*'?(\\d+)'?\\s*(?:#.*)?");

  private final Path pgData;
  private final boolean inPod;
  private final Events events;

  /// @param inPod whether it recovers in the pod of the instance, and in no job
  RecoveryPauseWatch(Path pgData, boolean inPod, Events events) {
    this.pgData = pgData;
    this.inPod = inPod;
    this.events = events;
  }

  /// Looks until it has something to report, or the recovery that it has seen is over.
  void start(Cluster cluster, String job) {
    var _ = Thread.ofVirtual().name("recovery-pause").start(() -> watch(cluster, job));
  }

  private void watch(Cluster cluster, String job) {
    try {
      var seen = false;
      while (true) {
        Thread.sleep(LOOK);
        var recovers = Files.exists(pgData.resolve("recovery.signal"));
        if (seen && !recovers) {
          return;
        }
        seen = recovers;
        var words = words(cluster, job);
        if (words.isPresent()) {
          log.warning(words.get());
          events.warning(cluster, RestoreReason.RECOVERY_PAUSED, words.get());
          return;
        }
      }
    } catch (InterruptedException _) {
      // The job ends.
    }
  }

  /// Why it stands still, and what to do.
  Optional<String> words(Cluster cluster, String job) {
    var smaller = smaller();
    return smaller.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ("recovery of cluster '%s' is paused: the WAL was written with %s. Set at least that in"
                    + " spec.postgresql.parameters of the Cluster, and run: kubectl delete pod --namespace %s"
                    + " %s. The next try continues with what has been copied; its log: kubectl logs"
                    + " --namespace %s %s")
                .formatted(
                    cluster.name(),
                    String.join(", ", smaller),
                    cluster.namespace(),
                    inPod ? job : "--selector job-name=" + job,
                    cluster.namespace(),
                    inPod ? job + " -c bootstrap-instance" : "job/" + job));
  }

  private List<String> smaller() {
    try {
      var configured = configured();
      // CNPG has not written it yet, or moves the directory away.
      if (configured.isEmpty()) {
        return List.of();
      }
      var smaller = new ArrayList<String>();
      RequiredSettings.read(pgData)
          .forEach(
              (name, needed) -> {
                int has =
                    configured.getOrDefault(name, RequiredSettings.DEFAULTS.getOrDefault(name, 0));
                if (has < needed) {
                  smaller.add("%s = %d, and the cluster has %d".formatted(name, needed, has));
                }
              });
      return smaller;
    } catch (IOException | IllegalArgumentException _) {
      return List.of();
    }
  }

  /// What counts, the last one of each name.
  private Map<String, Integer> configured() throws IOException {
    var found = new LinkedHashMap<String, Integer>();
    if (!Files.exists(pgData.resolve("recovery.signal"))) {
      return found;
    }
    for (var name : List.of("custom.conf", "override.conf", "postgresql.auto.conf")) {
      var file = pgData.resolve(name);
      if (Files.exists(file)) {
        Files.readString(file, StandardCharsets.ISO_8859_1)
            .lines()
            .map(SETTING::matcher)
            .filter(setting -> setting.matches())
            .forEach(setting -> found.put(setting.group(1), Integer.valueOf(setting.group(2))));
      }
    }
    return found;
  }
}
