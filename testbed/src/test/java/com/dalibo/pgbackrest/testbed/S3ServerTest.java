package com.dalibo.pgbackrest.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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

  private HttpResponse<String> get(String path) throws Exception {
    return get(client, path);
  }

  private HttpResponse<String> get(HttpClient anyClient, String path) throws Exception {
    return anyClient.send(
        HttpRequest.newBuilder(URI.create("https://" + server.endpoint() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
