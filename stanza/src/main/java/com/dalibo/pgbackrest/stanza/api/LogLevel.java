package com.dalibo.pgbackrest.stanza.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How much pgBackRest says.
public enum LogLevel {
  /// Errors.
  @JsonProperty("error")
  ERROR,
  /// And warnings.
  @JsonProperty("warn")
  WARN,
  /// And progress.
  @JsonProperty("info")
  INFO,
  /// And each file.
  @JsonProperty("detail")
  DETAIL,
  /// And each function of its own.
  @JsonProperty("debug")
  DEBUG,
  /// And everything.
  @JsonProperty("trace")
  TRACE
}
