package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Durations;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillStatus;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillStatus.Counts;
import com.dalibo.pgbackrest.stanza.api.reason.DrillConditionType;
import com.dalibo.pgbackrest.stanza.contract.DrillMetric;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The metrics of drills, exported by the replica that leads: all of them follow from the objects,
/// so that a counter continues after a restart.
public final class DrillMetrics {

  /// After this time another replica leads and exports them.
  private static final Duration VALID = Duration.ofMinutes(2);

  /// A drill as it was followed last.
  ///
  /// @param runs oldest first
  record Drill(
      RestoreDrill drill, @Nullable RestoreDrillStatus status, List<RestoreDrillRun> runs) {

    String labels() {
      return "namespace=\"%s\",drill=\"%s\",stanza=\"%s\""
          .formatted(drill.namespace(), drill.name(), quoted(drill.spec().stanzaRef()));
    }

    /// What people write there need not be the name of an object.
    private static String quoted(String text) {
      return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /// The newest run that took place.
    Optional<RestoreDrillRunStatus> last() {
      return runs.stream()
          .filter(run -> run.result().filter(result -> result != Result.MISSED).isPresent())
          .reduce((_, later) -> later)
          .map(RestoreDrillRun::status);
    }
  }

  private record Presented(List<Drill> drills, Instant at) {}

  private final InstantSource clock;
  private volatile Presented presented = new Presented(List.of(), Instant.EPOCH);

  public DrillMetrics(InstantSource clock) {
    this.clock = clock;
  }

  void present(List<Drill> drills, Instant at) {
    presented = new Presented(List.copyOf(drills), at);
  }

  /// In Prometheus' text format.
  public String text() {
    var now = presented;
    var drills = clock.instant().isBefore(now.at().plus(VALID)) ? now.drills() : List.<Drill>of();
    var lines = new ArrayList<String>();
    family(
        lines,
        DrillMetric.LAST_SUCCESS_TIMESTAMP_SECONDS,
        drills,
        drill -> List.of(sample(drill, "", lastSuccess(drill))));
    family(
        lines,
        DrillMetric.PROVEN,
        drills,
        drill -> List.of(sample(drill, "", condition(drill, DrillConditionType.PROVEN))));
    family(
        lines,
        DrillMetric.MISSED,
        drills,
        drill -> List.of(sample(drill, "", condition(drill, DrillConditionType.MISSED))));
    family(
        lines,
        DrillMetric.RUNS_TOTAL,
        drills,
        drill ->
            List.of(
                sample(drill, ",result=\"succeeded\"", count(drill, Counts::successful)),
                sample(drill, ",result=\"failed\"", count(drill, Counts::failed))));
    family(
        lines,
        DrillMetric.MISSED_TOTAL,
        drills,
        drill -> List.of(sample(drill, "", count(drill, Counts::missed))));
    family(lines, DrillMetric.DURATION_SECONDS, drills, DrillMetrics::durations);
    family(
        lines,
        DrillMetric.RTO_SECONDS,
        drills,
        drill -> optional(drill, RestoreDrillRunStatus::rtoSeconds));
    family(
        lines,
        DrillMetric.RPO_SECONDS,
        drills,
        drill -> optional(drill, RestoreDrillRunStatus::rpoSeconds));
    return String.join("\n", lines) + (lines.isEmpty() ? "" : "\n");
  }

  private static void family(
      List<String> lines,
      DrillMetric metric,
      List<Drill> drills,
      Function<Drill, List<String>> samples) {
    if (drills.isEmpty()) {
      return;
    }
    lines.add("# HELP %s %s".formatted(metric.fullName(), metric.help()));
    lines.add("# TYPE %s %s".formatted(metric.fullName(), metric.type()));
    drills.stream()
        .flatMap(drill -> samples.apply(drill).stream())
        .forEach(sample -> lines.add(metric.fullName() + sample));
  }

  private static String sample(Drill drill, String more, long value) {
    return "{%s%s} %d".formatted(drill.labels(), more, value);
  }

  private static List<String> durations(Drill drill) {
    var samples = new ArrayList<String>();
    var seconds = drill.last().map(RestoreDrillRunStatus::seconds);
    phase(samples, drill, "start", seconds.map(Durations::start));
    phase(samples, drill, "copy", seconds.map(Durations::copy));
    phase(samples, drill, "replay", seconds.map(Durations::replay));
    phase(samples, drill, "serve", seconds.map(Durations::serve));
    phase(samples, drill, "checks", seconds.map(Durations::checks));
    phase(samples, drill, "removal", seconds.map(Durations::removal));
    return samples;
  }

  private static void phase(
      List<String> samples, Drill drill, String phase, Optional<Long> seconds) {
    seconds.ifPresent(value -> samples.add(sample(drill, ",phase=\"%s\"".formatted(phase), value)));
  }

  private static List<String> optional(
      Drill drill, Function<RestoreDrillRunStatus, @Nullable Long> field) {
    return drill
        .last()
        .map(field)
        .map(value -> List.of(sample(drill, "", value)))
        .orElse(List.of());
  }

  private static long lastSuccess(Drill drill) {
    return Optional.ofNullable(drill.status())
        .map(RestoreDrillStatus::lastSuccessTime)
        .map(time -> Instant.parse(time).getEpochSecond())
        .orElse(0L);
  }

  private static long condition(Drill drill, DrillConditionType type) {
    return Optional.ofNullable(drill.status())
        .map(RestoreDrillStatus::conditions)
        .orElse(List.of())
        .stream()
        .filter(condition -> condition.type().equals(type.word()))
        .map(
            condition ->
                condition.status().equals("True")
                    ? 1L
                    : condition.status().equals("False") ? 0L : -1L)
        .findFirst()
        .orElse(-1L);
  }

  private static long count(Drill drill, Function<Counts, @Nullable Integer> of) {
    return Optional.ofNullable(drill.status())
        .map(RestoreDrillStatus::counts)
        .map(of)
        .map(Integer::longValue)
        .orElse(0L);
  }
}
