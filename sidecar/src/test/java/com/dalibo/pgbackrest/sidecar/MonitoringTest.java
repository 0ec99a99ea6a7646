package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.metrics.PrometheusMetric;
import com.dalibo.pgbackrest.stanza.contract.DrillMetric;
import com.dalibo.pgbackrest.testbed.kubernetes.Yaml;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The alerts, the dashboard and the page about metrics name only metrics and labels that exist.
class MonitoringTest {
  private static final Path MONITORING = Path.of("../deploy/monitoring");
  private static final Pattern METRIC = Pattern.compile("(pgbackrest_[a-z_]+)(?:\\{([^}]*)})?");
  private static final Pattern MATCHER =
      Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)\\s*\"[^\"]*\"");
  private static final List<String> OF_THE_SCRAPE = List.of("namespace", "pod");

  /// Their labels; a drill's metrics come from the operator, without a pod of PostgreSQL.
  private static final Map<String, List<String>> METRICS =
      Stream.concat(
              PrometheusMetric.all().stream()
                  .map(metric -> Map.entry(metric.fullName(), with("pod", metric.labels()))),
              Arrays.stream(DrillMetric.values())
                  .map(metric -> Map.entry(metric.fullName(), metric.labels())))
          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

  private static List<String> with(String label, Collection<String> labels) {
    return Stream.concat(Stream.of(label), labels.stream()).toList();
  }

  @Test
  void theAlertsAreAboutMetricsThatExist() throws IOException {
    var rule = Yaml.readOne(Files.readString(MONITORING.resolve("prometheus-rule.yaml")));
    var expressions = texts(rule, "expr");

    assertThat(expressions).hasSizeGreaterThan(5);
    assertThat(expressions).allSatisfy(MonitoringTest::check);
    assertThat(texts(rule, "summary")).hasSameSizeAs(expressions);
  }

  @Test
  void theSeriesThatTheAlertsAreTestedWithAreThoseOfTheSidecar() throws IOException {
    var cases = Yaml.readOne(Files.readString(Path.of("../deploy/checks/alerts.yaml")));
    var series = texts(cases, "series").stream().filter(text -> !text.startsWith("up{")).toList();

    assertThat(series).hasSizeGreaterThan(20);
    assertThat(series)
        .allSatisfy(
            text -> {
              var name = METRIC.matcher(text);
              assertThat(name.lookingAt()).as("metric of %s", text).isTrue();
              var labels =
                  MATCHER.matcher(name.group(2)).results().map(label -> label.group(1)).toList();
              assertThat(METRICS).containsKey(name.group(1));
              assertThat(labels)
                  .as("labels of %s", text)
                  .containsExactlyInAnyOrderElementsOf(
                      METRICS.get(name.group(1)).stream()
                          .filter(label -> !label.equals("namespace"))
                          .toList());
            });
  }

  @Test
  void theDashboardIsAboutMetricsThatExist() throws IOException {
    var dashboard = dashboard();

    assertThat(texts(dashboard, "expr")).hasSizeGreaterThan(10).allSatisfy(MonitoringTest::check);
    assertThat(dashboard.getAsJsonObject("templating").getAsJsonArray("list"))
        .extracting(JsonElement::getAsJsonObject)
        .filteredOn(variable -> variable.get("type").getAsString().equals("query"))
        .extracting(variable -> variable.get("query").getAsString())
        .allSatisfy(MonitoringTest::check);
  }

  @Test
  void everyPanelOfTheDashboardHasADescriptionAndAUnit() throws IOException {
    var panels =
        dashboard().getAsJsonArray("panels").asList().stream()
            .map(JsonElement::getAsJsonObject)
            .filter(panel -> !panel.get("type").getAsString().equals("row"))
            .toList();

    assertThat(panels).hasSizeGreaterThan(15);
    assertThat(panels)
        .allSatisfy(
            panel -> {
              var title = panel.get("title").getAsString();
              assertThat(panel.get("description").getAsString())
                  .as("description of %s", title)
                  .endsWith(".");
              assertThat(
                      panel
                          .getAsJsonObject("fieldConfig")
                          .getAsJsonObject("defaults")
                          .get("unit")
                          .getAsString())
                  .as("unit of %s", title)
                  .isNotBlank();
            });
    assertThat(panels).extracting(panel -> panel.get("id").getAsInt()).doesNotHaveDuplicates();
  }

  @Test
  void theDashboardIsAboutTheFleetOneClusterAndTheDrills() throws IOException {
    assertThat(dashboard().getAsJsonArray("panels"))
        .extracting(JsonElement::getAsJsonObject)
        .filteredOn(panel -> panel.get("type").getAsString().equals("row"))
        .extracting(row -> row.get("title").getAsString())
        .containsExactly("Fleet", "Cluster $namespace/$cluster", "Restore drills of $namespace");
  }

  private static JsonObject dashboard() throws IOException {
    return JsonParser.parseString(Files.readString(MONITORING.resolve("grafana-dashboard.json")))
        .getAsJsonObject();
  }

  @Test
  void thePageSaysWhatTheTableSays() throws IOException {
    var page =
        new StringBuilder(
            """
            # Metrics

            Generated by `MonitoringTest`; do not edit. The same metrics are on CNPG's endpoint of every instance (port 9187, CNPG 1.27 and newer) and, with
            `exporterConfig: {enabled: true}` in the PluginConfig, on port 9854 of the pod, `/metrics`: no restart is needed to open or close it. What comes
            from repositories is reported by the primary alone, as of its last query (after each backup, and at most `collectInterval` seconds ago, 300 by
            default); nothing is reported before the first query.

            [Monitoring](../how-to/monitoring.md) says how to scrape them and which of them replace CNPG's own, which do not see the backups of a plugin; [deploy/monitoring](../../deploy/monitoring)
            has alerts (PrometheusRule), a PodMonitor and a Grafana dashboard. The names `pgbackrest_stanza_`,
            `_repo_`, `_backup_` and `_wal_` are those of [pgbackrest_exporter](https://github.com/woblerr/pgbackrest_exporter); not there are
            `block_incr`, `backrest_ver`, `start_time` and `stop_time` among the labels, the sizes of block maps, and the number of databases.

            | metric | type | labels | what |
            | --- | --- | --- | --- |
            """);
    for (var metric : PrometheusMetric.all()) {
      page.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  metric.fullName(),
                  metric.type().name().replace("TYPE_", "").toLowerCase(java.util.Locale.ROOT),
                  metric.labels().stream()
                      .map(label -> "`" + label + "`")
                      .collect(Collectors.joining(" ")),
                  metric.help()));
    }
    page.append(
        """

        The operator has the metrics of [restore drills](../how-to/drills.md), on `/metrics` of its port `health` (8081), in the replica that leads; `deploy/monitoring/pod-monitor-operator.yaml`
        scrapes them.

        | metric | type | labels | what |
        | --- | --- | --- | --- |
        """);
    for (var metric : DrillMetric.values()) {
      page.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  metric.fullName(),
                  metric.type(),
                  metric.labels().stream()
                      .map(label -> "`" + label + "`")
                      .collect(Collectors.joining(" ")),
                  metric.help()));
    }
    new GeneratedPage(Path.of("../docs/reference/metrics.md")).matches(page.toString());
  }

  private static void check(String expression) {
    var metrics = METRIC.matcher(expression);
    var found = new TreeSet<String>();
    while (metrics.find()) {
      found.add(metrics.group(1));
      var metric = METRICS.get(metrics.group(1));
      assertThat(metric).as("metric %s in %s", metrics.group(1), expression).isNotNull();
      if (metrics.group(2) != null) {
        var matchers = MATCHER.matcher(metrics.group(2));
        while (matchers.find()) {
          assertThat(matchers.group(1))
              .as("label in %s", expression)
              .isIn(new ArrayList<>(allowed(metric)));
        }
      }
    }
    assertThat(found).as("metrics in %s", expression).isNotEmpty();
    assertThat(balanced(expression)).as("parentheses of %s", expression).isTrue();
  }

  private static List<String> allowed(List<String> ofTheMetric) {
    var labels = new ArrayList<>(ofTheMetric);
    labels.addAll(OF_THE_SCRAPE);
    return labels;
  }

  private static boolean balanced(String expression) {
    var depth = 0;
    for (var i = 0; i < expression.length() && depth >= 0; i++) {
      depth += "({[".indexOf(expression.charAt(i)) >= 0 ? 1 : 0;
      depth -= ")}]".indexOf(expression.charAt(i)) >= 0 ? 1 : 0;
    }
    return depth == 0;
  }

  private static List<String> texts(JsonElement json, String name) {
    var texts = new ArrayList<String>();
    if (json instanceof JsonObject object) {
      object
          .entrySet()
          .forEach(
              entry -> {
                if (entry.getKey().equals(name)) {
                  (entry.getValue() instanceof JsonArray list ? list : List.of(entry.getValue()))
                      .forEach(text -> addText(texts, text));
                }
                texts.addAll(texts(entry.getValue(), name));
              });
    } else if (json.isJsonArray()) {
      json.getAsJsonArray().forEach(element -> texts.addAll(texts(element, name)));
    }
    return texts;
  }

  private static void addText(List<String> texts, JsonElement element) {
    if (element.isJsonPrimitive()) {
      texts.add(element.getAsString());
    }
  }
}
