package com.dalibo.pgbackrest.testbed.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class S3ServerTest {
  private final TestCertificates certificates = TestCertificates.create();
  private S3Server server;
  private HttpClient client;

  @BeforeEach
  void start() {
    server = S3Server.start(certificates, "first", "second");
    client = HttpClient.newBuilder().sslContext(certificates.clientContext()).build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void aRequestWithoutASignatureIsRefused() throws Exception {
    assertThat(get("/first").statusCode()).isEqualTo(403);
  }

  @Test
  void aClientThatDoesNotKnowTheAuthorityIsRefused() {
    try (HttpClient stranger = HttpClient.newHttpClient()) {
      assertThatThrownBy(() -> get(stranger, "/first")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aServerThatRefusesKeepsItsObjectsAndItsPort() throws Exception {
    server.put("first", "folder/key", "value".getBytes(StandardCharsets.UTF_8));
    server.refuse();
    assertThatThrownBy(() -> get("/first")).isInstanceOf(ConnectException.class);

    server.accept();

    assertThat(get("/first").statusCode()).isEqualTo(403);
    assertThat(server.keys("first")).containsExactly("folder/key");
    assertThat(server.get("first", "folder/key")).asString().isEqualTo("value");
  }

  @Test
  void aBrokenBucketLeavesTheOtherAlone() throws Exception {
    server.faults().breakBucket("first");

    assertThat(get("/first").statusCode()).isEqualTo(503);
    assertThat(get("/second").statusCode()).isEqualTo(403);
    assertThat(server.faults().requests()).containsExactly("GET /first", "GET /second");
  }

  @Test
  void aHealedServerAnswersAgain() throws Exception {
    server.faults().failAtRandom(1, 42);
    int broken = get("/first").statusCode();

    server.faults().heal();

    assertThat(broken).isEqualTo(503);
    assertThat(get("/first").statusCode()).isEqualTo(403);
  }

  @Test
  void aRequestCanBeKeptWaiting() throws Exception {
    server.faults().holdWhere(request -> request.startsWith("GET /first"));
    var answer =
        client.sendAsync(
            HttpRequest.newBuilder(URI.create("https://" + server.endpoint() + "/first")).build(),
            HttpResponse.BodyHandlers.discarding());
    while (server.faults().held() == 0) {
      Thread.sleep(10);
    }

    assertThat(get("/second").statusCode()).isEqualTo(403);
    assertThat(answer).isNotDone();
    server.faults().heal();
    assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(403);
  }

  @Test
  void troubleIsARefusalOrAConnectionThatEnds() throws Exception {
    server.faults().troubleAtRandom(1, 42);
    var kinds = new HashSet<String>();

    for (var request = 0; request < 20; request++) {
      try {
        kinds.add("" + get("/first").statusCode());
      } catch (IOException ended) {
        kinds.add("ended");
      }
    }

    assertThat(kinds).containsExactlyInAnyOrder("503", "ended");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return get(client, path);
  }

  private HttpResponse<String> get(HttpClient anyClient, String path) throws Exception {
    return anyClient.send(
        HttpRequest.newBuilder(URI.create("https://" + server.endpoint() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
