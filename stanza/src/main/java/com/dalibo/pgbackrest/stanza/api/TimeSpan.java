package com.dalibo.pgbackrest.stanza.api;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// How users write a time span: `90m`, `2h30m`, `3600s`.
public final class TimeSpan {
  private static final Pattern FORM = Pattern.compile("(\\d+h)?(\\d+m)?(\\d+s)?");

  private TimeSpan() {}

  /// Empty where it is none, or none that is longer than nothing.
  public static Optional<Duration> parse(String text) {
    if (!FORM.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Duration.parse("PT" + text.toUpperCase(Locale.ROOT)))
          .filter(Duration::isPositive);
    } catch (DateTimeParseException | ArithmeticException tooLongOrEmpty) {
      return Optional.empty();
    }
  }
}
