package com.dalibo.pgbackrest.stanza.api.status;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A time as a status has it, such as `2026-11-28T07:26:56Z`. The schema does not say so, and
/// whoever may write a status may write anything there.
public final class StatusTime {
  private StatusTime() {}

  /// Empty where there is none that can be read.
  public static Optional<Instant> parse(@Nullable String text) {
    try {
      return Optional.ofNullable(text).map(Instant::parse);
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
