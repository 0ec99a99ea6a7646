package com.dalibo.pgbackrest.sidecar.ownership;

import java.util.function.BooleanSupplier;

/// Whether an archive has to be empty before its first write, as CNPG says it in a request.
public enum EmptyArchiveCheck {
  REQUIRED,
  SKIPPED,

  /// CNPG leaves it to the plugin.
  UNSPECIFIED;

  /// What CNPG has sent.
  public static EmptyArchiveCheck of(boolean isRequired) {
    return isRequired ? REQUIRED : SKIPPED;
  }

  boolean isRequired(BooleanSupplier unspecified) {
    return switch (this) {
      case REQUIRED -> true;
      case SKIPPED -> false;
      case UNSPECIFIED -> unspecified.getAsBoolean();
    };
  }
}
