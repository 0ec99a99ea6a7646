package com.dalibo.pgbackrest.operator.injection;

import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginLogLevel;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.ResourceRequirements;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Everything about the sidecar that does not come from the pod it is put in.
///
/// @param shape 1 as in the first releases; from 2 on Kubernetes restarts a sidecar that hangs, and
///   the volume `plugins` has a size limit
/// @param pullPolicy that of the Cluster
/// @param resources as the PluginConfig says them
/// @param recoversFromSnapshots whether a new cluster gets its data from volume snapshots beside it
/// @param claims the volume claims that hold repositories
record SidecarSpec(
    String image,
    int shape,
    SidecarMode mode,
    boolean recoversFromSnapshots,
    Optional<String> pullPolicy,
    Optional<ResourceRequirements> resources,
    Optional<PluginLogLevel> logLevel,
    SortedSet<String> claims) {

  SidecarSpec {
    claims = new TreeSet<>(claims);
  }
}
