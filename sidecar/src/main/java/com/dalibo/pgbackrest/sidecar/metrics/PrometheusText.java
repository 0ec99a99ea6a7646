package com.dalibo.pgbackrest.sidecar.metrics;

import java.util.List;
import java.util.StringJoiner;

/// The metrics in the text exposition format of Prometheus, version 0.0.4.
public final class PrometheusText {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private PrometheusText() {}

  public static String of(List<PrometheusMetric> metrics, MetricsState state) {
    var text = new StringBuilder();
    for (var metric : metrics) {
      var samples = metric.samples(state);
      if (samples.isEmpty()) {
        continue;
      }
      text.append("# HELP %s %s\n".formatted(metric.fullName(), metric.help()));
      text.append("# TYPE %s %s\n".formatted(metric.fullName(), metric.type().word()));
      for (var sample : samples) {
        text.append(metric.fullName())
            .append(labels(metric.labels(), sample.labels()))
            .append(' ')
            .append(number(sample.value()))
            .append('\n');
      }
    }
    return text.toString();
  }

  private static String labels(List<String> names, List<String> values) {
    if (names.isEmpty()) {
      return "";
    }
    var pairs = new StringJoiner(",", "{", "}");
    for (var i = 0; i < names.size(); i++) {
      pairs.add(names.get(i) + "=\"" + escaped(values.get(i)) + "\"");
    }
    return pairs.toString();
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
