package com.dalibo.pgbackrest.operator.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Cases of github.com/robfig/cron's own test (`spec_test.go`), in UTC, and ours.
class CronScheduleTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2012-07-09T14:45:00Z | 0 0/15 * * * *           | 2012-07-09T15:00:00Z
          2012-07-09T14:59:59Z | 0 0/15 * * * *           | 2012-07-09T15:00:00Z
          2012-07-09T15:45:00Z | 0 20-35/15 * * * *       | 2012-07-09T16:20:00Z
          2012-07-09T23:46:00Z | 0 */15 * * * *           | 2012-07-10T00:00:00Z
          2012-07-09T23:45:00Z | 0 20-35/15 * * * *       | 2012-07-10T00:20:00Z
          2012-07-09T23:35:51Z | 15/35 20-35/15 * * * *   | 2012-07-10T00:20:15Z
          2012-07-09T23:35:51Z | 15/35 20-35/15 1/2 * * * | 2012-07-10T01:20:15Z
          2012-07-09T23:35:51Z | 15/35 20-35/15 10-12 * * * | 2012-07-10T10:20:15Z
          2012-07-09T23:35:00Z | 0 0 0 9 Apr-Oct ?        | 2012-08-09T00:00:00Z
          2012-07-09T23:35:00Z | 0 0 0 */5 Apr,Aug,Oct Mon | 2012-08-06T00:00:00Z
          2012-07-09T23:35:00Z | 0 0 0 */5 Oct Mon        | 2012-10-01T00:00:00Z
          2012-07-09T23:35:00Z | 0 0 0 * Feb Mon          | 2013-02-04T00:00:00Z
          2012-07-09T23:35:00Z | 0 0 0 29 Feb ?           | 2016-02-29T00:00:00Z
          2012-07-09T23:35:00Z | 0 0 0 13 * Fri           | 2012-07-13T00:00:00Z
          2012-07-09T23:35:00Z | @daily                   | 2012-07-10T00:00:00Z
          2012-07-09T23:35:00Z | @weekly                  | 2012-07-15T00:00:00Z
          2012-07-09T23:35:00Z | @monthly                 | 2012-08-01T00:00:00Z
          2012-07-09T23:35:00Z | @yearly                  | 2013-01-01T00:00:00Z
          2012-07-09T23:35:00Z | @hourly                  | 2012-07-10T00:00:00Z
          2012-07-09T23:35:10Z | @every 1h30m             | 2012-07-10T01:05:10Z
          2026-11-29T12:00:00Z | CRON_TZ=Europe/Paris 0 0 3 * * * | 2026-11-30T02:00:00Z
          2026-03-28T12:00:00Z | TZ=Europe/Paris 0 30 2 * * * | 2026-03-30T00:30:00Z
          2026-04-04T12:00:00Z | CRON_TZ=Australia/Lord_Howe 0 0 3 * * * | 2026-04-04T16:30:00Z
          """)
  void theNextMomentIsTheOneThatCnpgWouldTake(Instant after, String schedule, Instant next) {
    assertThat(CronSchedule.parse(schedule).next(after)).contains(next);
  }

  /// Where clocks are put back by half an hour, say.
  @Test
  void inEachTimeZoneEachNightHasItsMoment() {
    assertTimeoutPreemptively(
        Duration.ofMinutes(1),
        () -> {
          for (var zone : ZoneId.getAvailableZoneIds()) {
            var schedule = CronSchedule.parse("CRON_TZ=" + zone + " 0 0 4 * * *");
            var last = Instant.parse("2026-01-01T00:00:00Z");
            while (last.isBefore(Instant.parse("2027-01-01T00:00:00Z"))) {
              var next = schedule.next(last).orElseThrow();
              assertThat(Duration.between(last, next))
                  .as("%s after %s", zone, last)
                  .isPositive()
                  .isLessThan(Duration.ofHours(27));
              last = next;
            }
          }
        });
  }

  @Test
  void aDayThatIsNeverThereIsNoMoment() {
    assertThat(CronSchedule.parse("0 0 0 30 Feb ?").next(Instant.EPOCH)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          0 3 * * *         | it has 5 fields and needs six: put the seconds first
          60 0 3 * * *      | '60' is not among the seconds, 0 to 59
          0 0 3 * * 7       | '7' is not among the weekdays, 0 to 6
          0 0 3 0 * *       | '0' is not among the days, 1 to 31
          0 0 3 * foo *     | 'foo' is not among the months, 1 to 12
          0 0 5-3 * * *     | '5-3' is not among the hours, 0 to 23
          0 */0 3 * * *     | '*/0' is not among the minutes, 0 to 59
          0 1/2/3 3 * * *   | '1/2/3' is not among the minutes, 0 to 59
          0 1, 3 * * *      | '' is not among the minutes, 0 to 59
          TZ=Mars/Base 0 0 3 * * * | the time zone 'Mars/Base' is unknown
          TZ=UTC            | after the time zone the fields are missing
          @every morning    | after @every stands a time span such as 6h
          """)
  void whatIsNoneIsRefusedWithTheRemedy(String schedule, String words) {
    assertThatThrownBy(() -> CronSchedule.parse(schedule))
        .hasMessageContaining(words)
        .hasMessageEndingWith(
            "; write it as CNPG's ScheduledBackup does, such as '0 0 3 * * *' for three at night");
  }
}
