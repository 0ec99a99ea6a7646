package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Metrics on a port of their own, as a PluginConfig asks for.
@Timeout(300)
class MetricsPortIT {
  @TempDir private Path directory;
  @AutoClose private TestInstance stage;
  private UserView told;

  @BeforeEach
  void begin() throws Exception {
    stage =
        TestInstance.keepingHouse(
            directory,
            TestInstance.archiving()
                .replace("stanzaRef: main", "stanzaRef: main, pluginConfigRef: tuned"));
    told = new UserView(stage.api);
  }

  @Test
  void metricsAreOnAPortWhileThePluginConfigSaysSo() throws Exception {
    stage.backup("backupType: full");
    told.await("Ready", "True", "Ready");

    exporter(true);
    Eventually.until("the port is open", () -> !metrics().isEmpty());

    assertThat(metrics())
        .contains("pgbackrest_backup_since_last_completion_seconds{backup_type=\"full\"")
        .contains("pgbackrest_dalibo_com_stanza_condition{condition=\"Ready\"} 1");
    exporter(false);
    Eventually.until("the port is closed", () -> metrics().isEmpty());
  }

  private void exporter(boolean enabled) {
    stage.api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: PluginConfig
        metadata: {name: tuned}
        spec: {exporterConfig: {enabled: %s}}
        """
            .formatted(enabled));
  }

  /// Empty where nobody listens.
  private static String metrics() throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:9854/metrics")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException nobody) {
      return "";
    }
  }
}
