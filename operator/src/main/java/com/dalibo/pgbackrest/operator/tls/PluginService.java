package com.dalibo.pgbackrest.operator.tls;

import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The Service by which the CNPG operator finds the plugin, and the Secrets that it names there.
public record PluginService(
    String namespace, String name, String serverSecret, String clientSecret) {

  public static PluginService of(String namespace, String name, Optional<Service> service) {
    var annotations =
        service
            .flatMap(found -> Optional.ofNullable(found.getMetadata().getAnnotations()))
            .orElse(Map.of());
    return new PluginService(
        namespace,
        name,
        annotations.getOrDefault("cnpg.io/pluginServerSecret", "pgbackrest-controller-server-tls"),
        annotations.getOrDefault("cnpg.io/pluginClientSecret", "pgbackrest-controller-client-tls"));
  }

  /// Every name under which releases of CNPG look for the server.
  List<String> names() {
    return List.of(name, name + "." + namespace, name + "." + namespace + ".svc");
  }
}
