package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import java.io.IOException;

/// The instance that archives and is backed up, and from whose archive others are restored:
/// PostgreSQL, CNPG's instance manager, and the sidecar in this JVM.
final class Source implements AutoCloseable {
  final Postgres postgres;
  final InstanceManager manager;
  private final RunningSidecar sidecar;

  /// Starts all of them.
  ///
  /// @param initialised its PostgreSQL, which does not run yet
  Source(TestCluster datacenter, Pod pod, ClusterDefinition cluster, Postgres initialised)
      throws IOException {
    postgres = initialised;
    sidecar =
        SidecarMain.start(
            SidecarSettings.from(
                pod.sidecarEnvironment(SidecarMode.INSTANCE, cluster, postgres, datacenter.api)));
    manager = InstanceManager.start(pod, cluster);
    postgres.set("archive_mode", "on").set("archive_command", manager.archiveCommand()).start();
  }

  /// @param parameters as `key: value` pairs in YAML flow style
  BackupResult backup(String name, String parameters) {
    return manager.backup(
        """
        apiVersion: postgresql.cnpg.io/v1
        kind: Backup
        metadata: {name: %1$s, uid: uid-%1$s}
        spec:
          method: plugin
          cluster: {name: %2$s}
          pluginConfiguration: {name: pgbackrest.dalibo.com, parameters: {%3$s}}
        """
            .formatted(name, manager.cluster().name(), parameters));
  }

  /// Ends the segment, which is archived then, and everything before it.
  String archive() {
    var segment = postgres.switchWal();
    postgres.waitForArchived(segment, Eventually.PATIENCE);
    return segment;
  }

  @Override
  public void close() {
    postgres.close();
    manager.close();
    sidecar.close();
  }
}
