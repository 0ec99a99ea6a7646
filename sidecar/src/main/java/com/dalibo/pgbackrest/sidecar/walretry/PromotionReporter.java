package com.dalibo.pgbackrest.sidecar.walretry;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// Reports on a promotion that meets an archive which does not answer: at once that it waits and
/// how long, and what may be missing once the instance is a primary, each once.
final class PromotionReporter {
  private static final Duration INTERVAL = Duration.ofMillis(500);

  /// CNPG gives up sooner on an instance that does not come up.
  private static final Duration PRIMARY_WITHIN = Duration.ofHours(1);

  private static final Log log = Log.named("wal-restore");

  private final String podName;
  private final Path pgData;
  private final Events events;
  private String waitsOf = "";
  private String missingOf = "";

  PromotionReporter(String podName, Path pgData, Events events) {
    this.podName = podName;
    this.pgData = pgData;
    this.events = events;
  }

  synchronized void waits(
      Cluster cluster, StanzaReference store, WalFile file, Duration left, Exception failure) {
    if (waitsOf.equals(promotion(cluster))) {
      return;
    }
    waitsOf = promotion(cluster);
    var message =
        ("pod '%s' becomes primary as soon as the stanza '%s' reports whether it has WAL file '%s', at the latest in %d s"
                + " (parameter 'promotionTimeout' of the plugin in the Cluster): %s")
            .formatted(
                podName,
                store.stanzaName(),
                file.name(),
                Math.max(1, left.toSeconds()),
                FailureWords.of(failure));
    log.warning(message);
    events.warning(cluster, RestoreReason.PROMOTION_WAITS, message);
  }

  /// The event is written when the instance has become primary, and only then.
  synchronized void continuesWithout(
      Cluster cluster, StanzaReference store, WalFile file, Exception failure) {
    if (missingOf.equals(promotion(cluster))) {
      return;
    }
    missingOf = promotion(cluster);
    var message =
        ("pod '%s' became primary without WAL file '%s' of stanza '%s', which could not be fetched. If "
                + "the archive has it, everything written from that file on is missing in this cluster, and can be recovered by a restore from that stanza into another cluster: %s")
            .formatted(podName, file.name(), store.stanzaName(), FailureWords.of(failure));
    var _ = Thread.ofVirtual().name("promotion").start(() -> reportOncePrimary(cluster, message));
  }

  private static String promotion(Cluster cluster) {
    return cluster.currentPrimary().orElse("") + "/" + cluster.timeline().orElse(0);
  }

  private void reportOncePrimary(Cluster cluster, String message) {
    var end = Instant.now().plus(PRIMARY_WITHIN);
    try {
      while (Instant.now().isBefore(end)) {
        if (isPrimary()) {
          log.warning(message);
          events.warning(cluster, RestoreReason.PROMOTED_WITHOUT_WAL, message);
          return;
        }
        Thread.sleep(INTERVAL);
      }
    } catch (InterruptedException _) {
      // The sidecar stops.
    }
  }

  private boolean isPrimary() {
    try {
      return ControlFile.read(pgData).state() == ControlFile.State.IN_PRODUCTION;
    } catch (IOException | IllegalArgumentException _) {
      // It is being written.
      return false;
    }
  }
}
