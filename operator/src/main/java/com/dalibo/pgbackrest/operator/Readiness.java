package com.dalibo.pgbackrest.operator;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// The conditions under which CNPG may call, each with the words for its absence.
final class Readiness {

  private final Map<String, BooleanSupplier> conditions = new LinkedHashMap<>();

  Readiness unless(String missing, BooleanSupplier fulfilled) {
    conditions.put(missing, fulfilled);
    return this;
  }

  /// What is missing, in words; empty when nothing is.
  String missing() {
    return conditions.entrySet().stream()
        .filter(condition -> !condition.getValue().getAsBoolean())
        .map(Map.Entry::getKey)
        .collect(Collectors.joining("; "));
  }

  boolean isReady() {
    return missing().isEmpty();
  }
}
