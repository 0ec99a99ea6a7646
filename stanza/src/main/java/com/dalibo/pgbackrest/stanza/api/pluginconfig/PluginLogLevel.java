package com.dalibo.pgbackrest.stanza.api.pluginconfig;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Log level of the sidecar.
public enum PluginLogLevel {
  /// Errors.
  @JsonProperty("error")
  ERROR,
  /// And warnings.
  @JsonProperty("warn")
  WARN,
  /// And what happened.
  @JsonProperty("info")
  INFO,
  /// And each decision.
  @JsonProperty("debug")
  DEBUG
}
