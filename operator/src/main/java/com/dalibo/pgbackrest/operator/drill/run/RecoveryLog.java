package com.dalibo.pgbackrest.operator.drill.run;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// What the log of a recovery says of its end. The words are PostgreSQL's (`xlogrecovery.c`), the
/// lines are CNPG's, JSON around them.
///
/// @param ended when PostgreSQL had replayed everything
/// @param lastCommit the time of the last transaction that was replayed
/// @param isPastTarget whether the recovery met WAL that is later than its target
record RecoveryLog(Optional<Instant> ended, Optional<Instant> lastCommit, boolean isPastTarget) {

  private static final Pattern LAST_COMMIT =
      Pattern.compile(
          "last completed transaction was at log time (\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?[+-]\\d\\d(?::?\\d\\d)?)");

  private static final Pattern WRITTEN = Pattern.compile("\"ts\":\"([^\"]+)\"");

  private static final DateTimeFormatter POSTGRES =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendPattern("[XXX][XX][X]")
          .toFormatter(Locale.ROOT);

  static RecoveryLog of(List<String> lines) {
    var ended = Optional.<Instant>empty();
    var lastCommit = Optional.<Instant>empty();
    var isPastTarget = false;
    for (var line : lines) {
      var commit = LAST_COMMIT.matcher(line);
      if (commit.find()) {
        lastCommit = time(() -> OffsetDateTime.parse(commit.group(1), POSTGRES).toInstant());
      }
      if (line.contains("recovery stopping ")) {
        isPastTarget = true;
      }
      if (line.contains("archive recovery complete")) {
        var written = WRITTEN.matcher(line);
        ended =
            written.find() ? time(() -> OffsetDateTime.parse(written.group(1)).toInstant()) : ended;
      }
    }
    return new RecoveryLog(ended, lastCommit, isPastTarget);
  }

  private static Optional<Instant> time(Supplier<Instant> reading) {
    try {
      return Optional.of(reading.get());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
