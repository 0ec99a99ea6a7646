package com.dalibo.pgbackrest.sidecar.metrics;

import java.util.List;
import java.util.stream.Stream;

/// A metric by its name, and how its samples follow from what is known.
public interface PrometheusMetric {

  /// A value and its labels, in the order of the metric's.
  record Sample(double value, List<String> labels) {
    Sample(double value, String... labels) {
      this(value, List.of(labels));
    }
  }

  /// What a value is, with the word of Prometheus for it.
  enum Type {
    GAUGE("gauge"),
    COUNTER("counter");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  String fullName();

  String help();

  Type type();

  List<String> labels();

  List<Sample> samples(MetricsState state);

  /// All there are.
  static List<PrometheusMetric> all() {
    return Stream.<PrometheusMetric[]>of(PluginMetric.values(), PgbackrestExporterMetric.values())
        .flatMap(Stream::of)
        .toList();
  }
}
