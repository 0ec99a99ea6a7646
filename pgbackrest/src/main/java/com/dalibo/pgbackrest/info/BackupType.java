package com.dalibo.pgbackrest.info;

import java.util.Locale;
import java.util.Optional;

/// How much a backup copies: everything, what changed since the last full, what changed since the
/// last of any type.
public enum BackupType {
  FULL,
  DIFF,
  INCR;

  /// As pgBackRest writes it.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<BackupType> of(String label) {
    for (var type : values()) {
      if (type.label().equals(label)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
