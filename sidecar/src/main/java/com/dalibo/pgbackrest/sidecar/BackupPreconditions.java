package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.Cluster;
import com.dalibo.pgbackrest.cnpgi.Plugin;

/// What has to be true of a Cluster and of this instance before a backup starts.
record BackupPreconditions(Cluster cluster, String instance, InRecovery inRecovery) {
  /// What the data directory says of its server.
  enum InRecovery {
    YES,
    NO
  }

  void check() throws PreconditionException {
    var plugin = cluster.plugin();
    if (plugin.isEmpty()) {
      throw new PreconditionException(
          ("cluster '%s' does not list plugin '%s': add it to spec.plugins with isWALArchiver: true"
                  + " and a stanzaRef")
              .formatted(cluster.name(), Plugin.NAME));
    }
    if (!plugin.get().isWalArchiver()) {
      throw new PreconditionException(
          ("cluster '%s' does not archive here, so its backups could not be restored: set"
                  + " isWALArchiver: true for plugin '%s' in spec.plugins, with a Stanza of its own")
              .formatted(cluster.name(), Plugin.NAME));
    }
    if (cluster.isReplica()) {
      throw new PreconditionException(
          ("cluster '%s' is a replica cluster: every instance of it is in recovery, which pgBackRest"
                  + " cannot back up; back up the cluster it follows, or promote this one first")
              .formatted(cluster.name()));
    }
    if (!isPrimary()) {
      throw new PreconditionException(
          ("instance '%s' is a standby (the primary is '%s') and backups are taken from the primary:"
                  + " set target: primary in the spec of the Backup or ScheduledBackup, or in"
                  + " spec.backup of cluster '%s'")
              .formatted(instance, cluster.currentPrimary().orElse("unknown"), cluster.name()));
    }
  }

  /// The Cluster is a copy that may lag behind a switchover; the data directory does not.
  private boolean isPrimary() {
    return inRecovery == InRecovery.NO
        && cluster.currentPrimary().filter(instance::equals).isPresent();
  }
}
