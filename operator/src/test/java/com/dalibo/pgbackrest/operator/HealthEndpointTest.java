package com.dalibo.pgbackrest.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthEndpointTest {

  private final AtomicBoolean read = new AtomicBoolean();
  private final Readiness readiness =
      new Readiness().unless("the Stanzas have not been read yet", read::get);

  @Test
  void untilEverythingIsThereItSaysWhatIsMissing() throws Exception {
    try (var health = HealthEndpoint.start(0, readiness::missing, () -> "drills 1\n")) {
      var answer = get(health, "/readyz");

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("the Stanzas have not been read yet\n");
    }
  }

  @Test
  void withEverythingThereItIsReady() throws Exception {
    read.set(true);
    try (var health = HealthEndpoint.start(0, readiness::missing, () -> "drills 1\n")) {
      var answer = get(health, "/readyz");

      assertThat(answer.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void itLivesBeforeItIsReady() throws Exception {
    try (var health = HealthEndpoint.start(0, readiness::missing, () -> "drills 1\n")) {
      var answer = get(health, "/healthz");

      assertThat(answer.statusCode()).isEqualTo(200);
    }
  }

  private static HttpResponse<String> get(HealthEndpoint health, String path) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + health.port() + path);
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
