package com.dalibo.pgbackrest.sidecar;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The `targetTime` of a recovery, read from any form that PostgreSQL or RFC 3339 writes.
///
/// PostgreSQL reads a time without zone in the time zone of the server, which is UTC under CNPG
/// unless the user changed it; [Zone] remembers that this was an assumption.
record TargetTime(Instant instant, Zone zone) {
  enum Zone {
    WRITTEN,
    ASSUMED_UTC
  }

  private static final Pattern FORM =
      Pattern.compile(
          "(?<date>\\d{4}-\\d{2}-\\d{2})"
              + "(?:[Tt ]+(?<time>\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?))?"
              + "\\s*(?<zone>[Zz]|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)?");

  static Optional<TargetTime> parse(String text) {
    var form = FORM.matcher(text.strip());
    if (!form.matches()) {
      return Optional.empty();
    }
    try {
      var date = LocalDate.parse(form.group("date"));
      var time = form.group("time") == null ? LocalTime.MIN : LocalTime.parse(form.group("time"));
      var zone = form.group("zone");
      return Optional.of(
          new TargetTime(
              date.atTime(time).toInstant(offset(zone)),
              zone == null ? Zone.ASSUMED_UTC : Zone.WRITTEN));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static ZoneOffset offset(@Nullable String zone) {
    if (zone == null || Character.isLetter(zone.charAt(0))) {
      return ZoneOffset.UTC;
    }
    return ZoneOffset.of(zone);
  }
}
