package com.dalibo.pgbackrest.stanza.api;

import java.util.Locale;

/// The word of the API, and of pgBackRest, that stands for a constant.
public final class EnumSpelling {
  private EnumSpelling() {}

  /// Lower case, with hyphens where Java has underscores: `WEB_ID` is `web-id`.
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
