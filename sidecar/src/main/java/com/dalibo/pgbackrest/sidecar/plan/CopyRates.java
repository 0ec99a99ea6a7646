package com.dalibo.pgbackrest.sidecar.plan;

import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus.Estimate;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// How long a copy takes, from how long the backups took that were made of the same database: they
/// went the other way with the same processes, compression and store. Of what was not measured
/// nothing is said.
final class CopyRates {
  /// Of smaller ones the time is that of everything else.
  private static final long LEAST = 10L << 20;

  private CopyRates() {}

  /// @param size what is copied, in bytes
  /// @param segments how many WAL segments are replayed
  static Estimate estimate(Collection<BackupInfo> backups, long size, @Nullable Integer segments) {
    var rates =
        backups.stream()
            .filter(backup -> !backup.error() && backup.delta() >= LEAST)
            .mapToDouble(backup -> backup.delta() / seconds(backup))
            .summaryStatistics();
    var replay =
        segments == null
            ? "the replay of WAL"
            : "the replay of %d WAL segments".formatted(segments);
    if (rates.getCount() == 0) {
      return new Estimate(
          null,
          null,
          "unknown: no backup of 10 MiB or more shows how fast this store is; nor was %s measured"
              .formatted(replay));
    }
    return new Estimate(
        Math.max(1, Math.round(size / rates.getMax())),
        Math.max(1, Math.round(size / rates.getMin())),
        "the copy alone, at the rates of %d backups: %d to %d MiB/s; not in it: the start of the pod, and %s, which was not measured"
            .formatted(
                rates.getCount(),
                Math.round(rates.getMin() / (1 << 20)),
                Math.round(rates.getMax() / (1 << 20)),
                replay));
  }

  /// Whole seconds are noted.
  private static double seconds(BackupInfo backup) {
    return Math.max(
        1, Duration.between(backup.timestampStart(), backup.timestampStop()).toSeconds());
  }
}
