package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;

/// What has to be true of a Cluster and of this instance before a backup starts.
record BackupPreconditions(Cluster cluster, String instance, InRecovery inRecovery) {
  /// What the data directory says of its server.
  enum InRecovery {
    YES,
    NO
  }

  BackupSource source() throws PreconditionException {
    var plugin = cluster.plugin();
    if (plugin.isEmpty()) {
      throw new PreconditionException(
          ("cluster '%s' does not use plugin '%s': add it to spec.plugins with isWALArchiver: true and a"
                  + " stanzaRef, and without enabled: false")
              .formatted(cluster.name(), Plugin.NAME));
    }
    if (!plugin.get().isWalArchiver()) {
      throw new PreconditionException(
          ("cluster '%s' does not archive with this plugin, so its backups could not be restored: set"
                  + " isWALArchiver: true for plugin '%s' in spec.plugins, with a Stanza of its own")
              .formatted(cluster.name(), Plugin.NAME));
    }
    if (cluster.isReplica()) {
      throw new PreconditionException(
          ("cluster '%s' is a replica cluster: all its instances are in recovery, and pgBackRest "
                  + "cannot back them up; back up the cluster it follows, or promote this one first")
              .formatted(cluster.name()));
    }
    var primary = cluster.currentPrimary().orElse("unknown");
    return switch (inRecovery) {
      case NO -> primary(primary);
      case YES -> standby(primary);
    };
  }

  /// The Cluster is a copy that may lag behind a switchover; the data directory does not.
  private BackupSource primary(String primary) throws PreconditionException {
    if (primary.equals(instance)) {
      return new BackupSource.Primary();
    }
    throw new PreconditionException(
        ("instance '%s' is not in recovery, though the primary of cluster '%s' is '%s': it is a "
                + "former primary that is not yet a standby, or CNPG has not yet recorded its promotion;"
                + " create a new Backup when the Cluster is ready")
            .formatted(instance, cluster.name(), primary));
  }

  private BackupSource standby(String primary) throws PreconditionException {
    if (primary.equals(instance)) {
      throw new PreconditionException(
          ("instance '%s' is the primary of cluster '%s', but still in recovery: create a new Backup"
                  + " when its promotion is complete and the Cluster is ready")
              .formatted(instance, cluster.name()));
    }
    var target = cluster.targetPrimary().orElse(primary);
    if (cluster.currentPrimary().isEmpty() || !target.equals(primary)) {
      throw new PreconditionException(
          ("the primary of cluster '%s' is changing from '%s' to '%s', and a backup from the standby '%s' "
                  + "needs a primary that stays: create a new Backup when the Cluster is ready")
              .formatted(cluster.name(), primary, target, instance));
    }
    return new BackupSource.Standby(primary);
  }
}
