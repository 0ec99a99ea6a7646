package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.stanza.api.TimeSpan;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// When something is due, in the form of CNPG's ScheduledBackup, which is that of
/// github.com/robfig/cron: six fields, of which the first is seconds, a word such as `@daily`, or
/// `@every 6h`; in UTC unless it begins with `CRON_TZ=`.
sealed interface CronSchedule {

  /// The first moment after another one; empty if there is none within five years.
  Optional<Instant> next(Instant after);

  /// Reads a schedule.
  ///
  /// @throws IllegalArgumentException if it is none, with the remedy
  static CronSchedule parse(String text) {
    var rest = text.strip();
    ZoneId zone = ZoneOffset.UTC;
    if (rest.startsWith("CRON_TZ=") || rest.startsWith("TZ=")) {
      var end = rest.indexOf(' ');
      if (end < 0) {
        throw invalid(text, "after the time zone the fields are missing");
      }
      zone = zone(text, rest.substring(rest.indexOf('=') + 1, end));
      rest = rest.substring(end).strip();
    }
    if (rest.startsWith("@every ")) {
      var span = TimeSpan.parse(rest.substring("@every ".length()).strip());
      return new Every(
          span.orElseThrow(() -> invalid(text, "after @every stands a time span such as 6h")));
    }
    var fields = List.of(WORDS.getOrDefault(rest, rest).split("\\s+"));
    if (fields.size() != Field.values().length) {
      throw invalid(
          text, "it has %d fields and needs six: put the seconds first".formatted(fields.size()));
    }
    var sets = new EnumMap<Field, BitSet>(Field.class);
    var any = EnumSet.noneOf(Field.class);
    var words = fields.iterator();
    for (var field : Field.values()) {
      var word = words.next();
      sets.put(field, field.read(text, word));
      if (word.startsWith("*") || word.startsWith("?")) {
        any.add(field);
      }
    }
    return new Fields(sets, any, zone);
  }

  Map<String, String> WORDS =
      Map.of(
          "@yearly", "0 0 0 1 1 *",
          "@annually", "0 0 0 1 1 *",
          "@monthly", "0 0 0 1 * *",
          "@weekly", "0 0 0 * * 0",
          "@daily", "0 0 0 * * *",
          "@midnight", "0 0 0 * * *",
          "@hourly", "0 0 * * * *");

  private static ZoneId zone(String text, String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException _) {
      throw invalid(text, "the time zone '%s' is unknown".formatted(name));
    }
  }

  private static IllegalArgumentException invalid(String text, String what) {
    return new IllegalArgumentException(
        "the schedule '%s' cannot be read: %s; write it as CNPG's ScheduledBackup does, such as '0 0 3 * * *' for three at night"
            .formatted(text, what));
  }

  /// At a distance from the moment before.
  record Every(Duration span) implements CronSchedule {
    @Override
    public Optional<Instant> next(Instant after) {
      return span.toDays() > LONGEST_DAYS
          ? Optional.empty()
          : Optional.of(after.truncatedTo(ChronoUnit.SECONDS).plus(span));
    }
  }

  /// Five years: what comes later is as good as never.
  int LONGEST_DAYS = 5 * 366;

  /// At the moments that all fields admit.
  ///
  /// @param sets what each field admits
  /// @param any the fields that admit everything, or everything in steps
  record Fields(Map<Field, BitSet> sets, Set<Field> any, ZoneId zone) implements CronSchedule {

    private static final int YEARS = 5;

    @Override
    public Optional<Instant> next(Instant after) {
      var time = after.atZone(zone).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
      var end = time.plusYears(YEARS);
      while (time.isBefore(end)) {
        if (!admits(Field.MONTH, time.getMonthValue())) {
          time = time.withDayOfMonth(1).plusMonths(1).truncatedTo(ChronoUnit.DAYS);
        } else if (!admitsDay(time)) {
          time = time.plusDays(1).truncatedTo(ChronoUnit.DAYS);
        } else if (!admits(Field.HOUR, time.getHour())) {
          time = nextHour(time);
        } else if (!admits(Field.MINUTE, time.getMinute())) {
          time = time.plusMinutes(1).truncatedTo(ChronoUnit.MINUTES);
        } else if (!admits(Field.SECOND, time.getSecond())) {
          time = time.plusSeconds(1);
        } else {
          return Optional.of(time.toInstant());
        }
      }
      return Optional.empty();
    }

    /// Where the clock is put back by half an hour, the beginning of an hour may be before it.
    private static ZonedDateTime nextHour(ZonedDateTime time) {
      var later = time.plusHours(1);
      var next = later.truncatedTo(ChronoUnit.HOURS);
      return next.isAfter(time) ? next : later;
    }

    private boolean admits(Field field, int value) {
      return Objects.requireNonNull(sets.get(field)).get(value);
    }

    /// If both are restricted, one of them is enough.
    private boolean admitsDay(ZonedDateTime time) {
      var day = admits(Field.DAY_OF_MONTH, time.getDayOfMonth());
      var weekday = admits(Field.DAY_OF_WEEK, time.getDayOfWeek().getValue() % 7);
      var isOneFree = any.contains(Field.DAY_OF_MONTH) || any.contains(Field.DAY_OF_WEEK);
      return isOneFree ? (day && weekday) : (day || weekday);
    }
  }

  /// The fields in their order.
  @SuppressWarnings("ImmutableEnumChecker")
  enum Field {
    SECOND("seconds", 0, 59, List.of()),
    MINUTE("minutes", 0, 59, List.of()),
    HOUR("hours", 0, 23, List.of()),
    DAY_OF_MONTH("days", 1, 31, List.of()),
    MONTH(
        "months",
        1,
        12,
        List.of(
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
    DAY_OF_WEEK("weekdays", 0, 6, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat"));

    private final String plural;
    private final int first;
    private final int last;
    private final List<String> names;

    Field(String plural, int first, int last, List<String> names) {
      this.plural = plural;
      this.first = first;
      this.last = last;
      this.names = names;
    }

    BitSet read(String text, String field) {
      var admitted = new BitSet();
      for (var part : field.split(",", -1)) {
        add(text, part, admitted);
      }
      return admitted;
    }

    private void add(String text, String part, BitSet admitted) {
      var stepped = part.split("/", -1);
      var range = stepped[0].split("-", -1);
      if (stepped.length > 2 || range.length > 2) {
        throw refusal(text, part);
      }
      int from = first;
      int to = last;
      if (!stepped[0].equals("*") && !stepped[0].equals("?")) {
        from = value(text, part, range[0]);
        to = range.length == 2 ? value(text, part, range[1]) : stepped.length == 2 ? last : from;
      }
      int step = stepped.length == 2 ? number(text, part, stepped[1]) : 1;
      if (from > to || step == 0) {
        throw refusal(text, part);
      }
      for (int value = from; value <= to; value += step) {
        admitted.set(value);
      }
    }

    private int value(String text, String part, String word) {
      var name = names.indexOf(word.toLowerCase(Locale.ROOT));
      var value = name < 0 ? number(text, part, word) : name + first;
      if (value < first || value > last) {
        throw refusal(text, part);
      }
      return value;
    }

    private int number(String text, String part, String word) {
      if (!word.matches("[0-9]{1,3}")) {
        throw refusal(text, part);
      }
      return Integer.parseInt(word);
    }

    private IllegalArgumentException refusal(String text, String part) {
      return invalid(
          text, "'%s' is not among the %s, %d to %d".formatted(part, plural, first, last));
    }
  }
}
