package com.dalibo.pgbackrest.operator.injection;

import com.dalibo.pgbackrest.stanza.api.pluginconfig.ResourceRequirements;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The field `resources` of a container, always in the same order.
final class ContainerResources {

  private ContainerResources() {}

  static ObjectNode of(ResourceRequirements requirements) {
    var resources = JsonNodeFactory.instance.objectNode();
    claims(resources, requirements.claims());
    quantities(resources, "limits", requirements.limits());
    quantities(resources, "requests", requirements.requests());
    return resources;
  }

  private static void claims(
      ObjectNode resources, @Nullable List<ResourceRequirements.Claim> claims) {
    if (claims == null) {
      return;
    }
    var list = resources.putArray("claims");
    for (var claim : claims) {
      var entry = list.addObject().put("name", claim.name());
      if (claim.request() != null) {
        entry.put("request", claim.request());
      }
    }
  }

  private static void quantities(
      ObjectNode resources, String field, @Nullable Map<String, String> quantities) {
    if (quantities != null) {
      var entries = resources.putObject(field);
      new TreeMap<>(quantities).forEach(entries::put);
    }
  }
}
