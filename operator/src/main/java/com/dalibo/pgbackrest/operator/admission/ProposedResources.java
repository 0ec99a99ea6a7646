package com.dalibo.pgbackrest.operator.admission;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.api.SidecarMemory;
import java.util.Optional;

/// Resources of the sidecar that a remedy proposes. In JSON: older releases of kubectl read what
/// begins with a brace as JSON, and refuse YAML there.
enum ProposedResources {
  /// Enough for most clusters; docs/how-to/namespaces.md.
  USUAL(
      "{\"resourcesRequirement\": {\"requests\": {\"cpu\": \"50m\", \"memory\": \"128Mi\"},"
          + " \"limits\": {\"cpu\": \"1\", \"memory\": \"256Mi\"}}}"),
  /// Of which Kubernetes makes the requests too.
  LIMITS("{\"resourcesRequirement\": {\"limits\": {\"cpu\": \"500m\", \"memory\": \"256Mi\"}}}"),
  /// As little as does for a small cluster, where a quota has no room for more.
  SMALL(
      "{\"resourcesRequirement\": {\"requests\": {\"cpu\": \"20m\", \"memory\": \"64Mi\"},"
          + " \"limits\": {\"cpu\": \"500m\", \"memory\": \""
          + SidecarMemory.ENOUGH
          + "\"}}}");

  private final String spec;

  ProposedResources(String spec) {
    this.spec = spec;
  }

  /// Ready to be applied.
  ///
  /// @param pluginConfig name of the PluginConfig that sizes the sidecar, where there is one
  String remedy(Cluster cluster, Optional<String> pluginConfig) {
    return pluginConfig
        .map(name -> "write 'spec: %s' in PluginConfig '%s'".formatted(spec, name))
        .orElseGet(
            () ->
                ("apply {\"apiVersion\": \"pgbackrest.dalibo.com/v1\", \"kind\": \"PluginConfig\","
                        + " \"metadata\": {\"name\": \"%s\", \"namespace\": \"%s\"}, \"spec\": %s} and"
                        + " set the parameter 'pluginConfigRef: %s' of the plugin in the Cluster")
                    .formatted(cluster.name(), cluster.namespace(), spec, cluster.name()));
  }
}
