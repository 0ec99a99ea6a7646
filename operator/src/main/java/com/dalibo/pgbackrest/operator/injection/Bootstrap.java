package com.dalibo.pgbackrest.operator.injection;

import com.fasterxml.jackson.databind.JsonNode;

/// The container that makes a data directory: the main one of a Job up to CNPG 1.30, and
/// `bootstrap-instance` of an instance pod since 1.31.
///
/// @param words its command and its arguments
record Bootstrap(String words) {

  /// Its name in an instance pod.
  static final String CONTAINER = "bootstrap-instance";

  static Bootstrap of(JsonNode container) {
    return new Bootstrap(container.path("command").toString() + container.path("args"));
  }

  boolean isRecovery() {
    return commandContains("restore") || isRecoveryFromSnapshots();
  }

  // With --immediate it makes a standby of a cluster that is there, and replays nothing.
  boolean isRecoveryFromSnapshots() {
    return commandContains("restoresnapshot") && !commandContains("--immediate");
  }

  private boolean commandContains(String word) {
    return words.contains('"' + word + '"');
  }
}
