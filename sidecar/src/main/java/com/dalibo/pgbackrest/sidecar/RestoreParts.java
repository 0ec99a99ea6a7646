package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability;
import com.dalibo.pgbackrest.sidecar.restore.BackupCopy;
import com.dalibo.pgbackrest.sidecar.restore.PodBootstrap;
import com.dalibo.pgbackrest.sidecar.restore.RecoveryConfiguration;
import com.dalibo.pgbackrest.sidecar.restore.RecoverySource;
import com.dalibo.pgbackrest.sidecar.restore.Restoration;
import com.dalibo.pgbackrest.sidecar.restore.RestoreRetryPolicy;
import com.dalibo.pgbackrest.sidecar.restore.Volumes;
import com.dalibo.pgbackrest.sidecar.session.ProcessBound;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What the sidecar is made of that restores an instance: in a job up to CNPG 1.30, and beside
/// every instance since, where the pod makes its own data directory.
final class RestoreParts {
  private static final Log log = Log.named("restore");
  private static final Duration COPY_PAUSE = Duration.ofSeconds(10);

  private RestoreParts() {}

  static ModeServices of(SidecarParts parts) throws IOException {
    var recoversFromSnapshots = parts.settings.recoversFromSnapshots();
    if (recoversFromSnapshots) {
      parts.snapshots.begin();
      parts.snapshotTries(false).start();
    }
    return new ModeServices(
        List.of(PluginCapability.Service.Type.TYPE_RESTORE_JOB),
        List.of(new RestoreService(() -> restoration(parts, false), parts.events)),
        parts.lock::holdAgain,
        () -> {
          if (recoversFromSnapshots) {
            parts.snapshots.end();
          }
          forgetRecovery(parts.settings.pgData());
        });
  }

  /// The job ends with its recovery, or with a try of it, which forgets nothing.
  private static void forgetRecovery(Path pgData) {
    try {
      PodBootstrap.forgetRecovery(pgData);
    } catch (IOException trouble) {
      log.warning(
          "what the recovery noted stays", "directory", pgData, "cause", trouble.getMessage());
    }
  }

  /// The service of a pod that goes on as an instance.
  static RestoreService inPod(SidecarParts parts) {
    return new RestoreService(() -> restoration(parts, true), parts.events);
  }

  private static Restoration restoration(SidecarParts parts, boolean inPod) {
    var volumes = Volumes.around(parts.settings.pgData());
    return new Restoration(
        parts.settings.podName(),
        volumes,
        parts.sessions,
        parts.guard,
        new RecoverySource(parts.sessions, parts.events),
        new BackupCopy(
            volumes, parts.sessions, ProcessBound.forRestore(parts.memory.get()), COPY_PAUSE),
        parts.notFound,
        RecoveryConfiguration.ofCnpg(parts.settings.missDirectory()),
        RestoreRetryPolicy.ofMinutes(parts.events),
        parts.events,
        inPod,
        parts.lock);
  }
}
