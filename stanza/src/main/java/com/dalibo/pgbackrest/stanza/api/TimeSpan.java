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

  /// A hundred years: what is added to a moment has to stay one that can be counted.
  private static final Duration LONGEST = Duration.ofDays(36_525);

  /// Empty where it is none, none that is longer than nothing, or longer than a hundred years.
  public static Optional<Duration> parse(String text) {
    if (!FORM.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Duration.parse("PT" + text.toUpperCase(Locale.ROOT)))
          .filter(Duration::isPositive)
          .filter(span -> span.compareTo(LONGEST) <= 0);
    } catch (DateTimeParseException | ArithmeticException tooLongOrEmpty) {
      return Optional.empty();
    }
  }
}
