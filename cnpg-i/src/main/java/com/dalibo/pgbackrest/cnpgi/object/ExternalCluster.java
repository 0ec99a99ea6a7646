package com.dalibo.pgbackrest.cnpgi.object;

import java.util.Optional;

/// An entry of `spec.externalClusters`; `plugin` is ours, where it is named and enabled there.
public record ExternalCluster(String name, Optional<PluginEntry> plugin) {

  static ExternalCluster of(JsonTree cluster) {
    var plugin = cluster.get("plugin");
    return new ExternalCluster(
        cluster.get("name").text().orElse(""),
        plugin.present()
            ? Optional.of(PluginEntry.of(plugin)).filter(PluginEntry::isOurs)
            : Optional.empty());
  }
}
