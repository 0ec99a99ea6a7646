package com.dalibo.pgbackrest.testbed.cnpg;

import com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;

/// Plays `bootstrap-instance` of CNPG 1.31: the work of [RestoreJob] in the pod of the instance. It
/// is run again after a failure, beside the same sidecar; when it has ended, PostgreSQL runs in the
/// same pod, still beside the same sidecar.
public record BootstrapContainer(InstanceManager manager, Postgres postgres) {

  /// The container from its start to its end. What an earlier run left is moved aside or removed
  /// first.
  ///
  /// @throws IllegalStateException where the sidecar of the pod serves no restore
  public void run() {
    restore().recover();
  }

  /// The first half: until the data directory is there and configured.
  public RestoreJob restore() {
    requireRestore();
    var work = new RestoreJob(manager, postgres);
    var _ = work.restore();
    return work;
  }

  private void requireRestore() {
    if (!manager.services().contains(PluginCapability.Service.Type.TYPE_RESTORE_JOB)) {
      throw new IllegalStateException("no plugin supports the restore job hooks capability");
    }
  }

  /// The container is killed, and all that runs in it.
  public void kill() {
    if (postgres.isRunning()) {
      postgres.kill();
    }
  }

  /// What comes after it: container `postgres`, which makes the pod the primary and archives.
  public void startInstance(int timeline) {
    var _ = manager.cluster().primary(manager.pod().name()).timeline(timeline);
    postgres.set("archive_mode", "on").set("archive_command", manager.archiveCommand()).start();
  }
}
