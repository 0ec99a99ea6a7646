package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability;
import com.dalibo.pgbackrest.sidecar.restore.BackupCopy;
import com.dalibo.pgbackrest.sidecar.restore.RecoveryConfiguration;
import com.dalibo.pgbackrest.sidecar.restore.RecoverySource;
import com.dalibo.pgbackrest.sidecar.restore.Restoration;
import com.dalibo.pgbackrest.sidecar.restore.RestoreRetryPolicy;
import com.dalibo.pgbackrest.sidecar.restore.Volumes;
import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// What the sidecar is made of in a job that restores an instance.
final class RestoreParts {
  private static final int MOST_PROCESSES = 4;
  private static final Duration COPY_PAUSE = Duration.ofSeconds(10);

  private RestoreParts() {}

  static ModeParts of(SidecarParts parts) throws IOException {
    var recoversFromSnapshots = parts.settings.recoversFromSnapshots();
    if (recoversFromSnapshots) {
      parts.snapshots.begin();
    }
    return new ModeParts(
        List.of(PluginCapability.Service.Type.TYPE_RESTORE_JOB),
        List.of(new RestoreService(restoration(parts), parts.events)),
        () -> {},
        () -> {
          if (recoversFromSnapshots) {
            parts.snapshots.end();
          }
        });
  }

  private static Restoration restoration(SidecarParts parts) {
    var volumes = Volumes.around(parts.settings.pgData());
    return new Restoration(
        volumes,
        parts.sessions,
        parts.guard,
        new RecoverySource(parts.sessions, parts.events),
        new BackupCopy(volumes, parts.sessions, processes(MemoryLimit.ofContainer()), COPY_PAUSE),
        parts.notFound,
        RecoveryConfiguration.ofCnpg(parts.settings.missDirectory()),
        RestoreRetryPolicy.ofMinutes(parts.events),
        parts.events);
  }

  /// There is no PostgreSQL yet that it would take anything from.
  private static int processes(MemoryLimit limit) {
    return limit.isLow() ? 1 : Math.min(MOST_PROCESSES, Runtime.getRuntime().availableProcessors());
  }
}
