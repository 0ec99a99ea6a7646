package com.dalibo.pgbackrest.sidecar.standby;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;

/// The other instances of a Cluster.
public interface PrimaryLocator {
  PrimaryHost primary(Cluster cluster) throws PreconditionException;

  /// In CNPG's pods everything is at the same place.
  static PrimaryLocator alike(SidecarSettings settings, PeerFiles files) {
    return cluster -> {
      var instance = cluster.currentPrimary().orElse("");
      return new PrimaryHost(
          instance,
          address(cluster, instance),
          settings.pgData(),
          settings.pgSocketDirectory(),
          settings.pgPort(),
          files.serverConfiguration());
    };
  }

  static String address(Cluster cluster, String instance) throws PreconditionException {
    return cluster
        .address(instance)
        .orElseThrow(
            () ->
                new PreconditionException(
                    ("the address of the primary '%s' is unknown: status.instancesReportedState of"
                            + " the Cluster '%s' does not have it; create a new Backup when CNPG has"
                            + " filled it in, or one with target: primary")
                        .formatted(instance, cluster.name())));
  }
}
