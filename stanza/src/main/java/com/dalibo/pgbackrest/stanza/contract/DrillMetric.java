package com.dalibo.pgbackrest.stanza.contract;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The metrics of restore drills, which the operator that leads has on `/metrics` of its port
/// `health`: one row each. The page, the alerts and the dashboard are tested against this table.
@SuppressWarnings("ImmutableEnumChecker")
public enum DrillMetric {
  /// When the drill last succeeded.
  LAST_SUCCESS_TIMESTAMP_SECONDS(
      "gauge", "When the newest run that succeeded ended, in seconds since 1970; 0 if none has."),
  /// The condition Proven.
  PROVEN("gauge", "The condition Proven of the RestoreDrill: 1 true, 0 false, -1 unknown."),
  /// The condition Missed.
  MISSED("gauge", "The condition Missed of the RestoreDrill: 1 true, 0 false, -1 unknown."),
  /// Runs by their result.
  RUNS_TOTAL(
      "counter",
      "Runs by their result, succeeded or failed, since the drill was created.",
      "result"),
  /// What did not take place.
  MISSED_TOTAL(
      "counter", "Times at which the drill was due and did not take place, since it was created."),
  /// How long each phase took.
  DURATION_SECONDS(
      "gauge",
      "Duration of each phase of the newest run: start, copy, replay, serve, checks, removal.",
      "phase"),
  /// The measured RTO.
  RTO_SECONDS("gauge", "Time from the creation of the Cluster until it served, in the newest run."),
  /// The measured RPO.
  RPO_SECONDS(
      "gauge",
      "Time between the last commit found and the moment asked for, in the newest run; absent if "
          + "it could not be measured.");

  private static final List<String> OF_EACH = List.of("namespace", "drill", "stanza");

  private final String type;
  private final String help;
  private final List<String> more;

  DrillMetric(String type, String help, String... more) {
    this.type = type;
    this.help = help;
    this.more = List.of(more);
  }

  /// As Prometheus knows it.
  public String fullName() {
    return "pgbackrest_dalibo_com_drill_" + name().toLowerCase(Locale.ROOT);
  }

  /// `gauge` or `counter`.
  public String type() {
    return type;
  }

  /// What it is, for the page and for `# HELP`.
  public String help() {
    return help;
  }

  /// The names of its labels.
  public List<String> labels() {
    return Stream.concat(OF_EACH.stream(), more.stream()).toList();
  }
}
