package com.dalibo.pgbackrest.selection;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the ways people write a time, and writes the one that pgBackRest and PostgreSQL both
/// understand.
final class TargetTime {
  private static final Pattern FORM =
      Pattern.compile(
          "(?<date>\\d{4}-\\d{2}-\\d{2})"
              + "(?:[Tt ](?<time>\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?)"
              + " ?(?<zone>[Zz]|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)?)?");
  private static final DateTimeFormatter TEXT =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private TargetTime() {}

  static Instant parse(String text) {
    var matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw unreadable(text, null);
    }
    try {
      var date = LocalDate.parse(matcher.group("date"));
      var time =
          matcher.group("time") == null
              ? LocalTime.MIDNIGHT
              : LocalTime.parse(matcher.group("time"));
      return LocalDateTime.of(date, time).toInstant(zone(matcher.group("zone")));
    } catch (DateTimeException e) {
      throw unreadable(text, e);
    }
  }

  static String format(Instant instant) {
    return TEXT.format(instant) + "+00";
  }

  private static ZoneOffset zone(@Nullable String zone) {
    if (zone == null || !(zone.startsWith("+") || zone.startsWith("-"))) {
      return ZoneOffset.UTC;
    }
    return ZoneOffset.of(zone);
  }

  private static IllegalArgumentException unreadable(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "'%s' is not a time; write it as '2026-11-22T07:26:56Z' or '2026-11-22 07:26:56+00' (without a zone it is UTC)"
            .formatted(text),
        cause);
  }
}
