package com.dalibo.pgbackrest.cnpgi.object;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import java.util.Map;

/// An entry of `spec.plugins`, or the `plugin` of an external cluster.
public record PluginEntry(
    String name, boolean enabled, boolean isWalArchiver, Map<String, String> parameters) {

  static PluginEntry of(JsonTree plugin) {
    return new PluginEntry(
        plugin.get("name").text().orElse(""),
        plugin.get("enabled").flag().orElse(true),
        plugin.get("isWALArchiver").flag().orElse(false),
        plugin.get("parameters").texts());
  }

  boolean isOurs() {
    return name.equals(Plugin.NAME) && enabled;
  }
}
