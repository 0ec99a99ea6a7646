package com.dalibo.pgbackrest.testbed.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesApiServerTest {
  private static final String STANZA =
      """
      apiVersion: pgbackrest.dalibo.com/v1
      kind: Stanza
      metadata: {name: main}
      spec: {stanzaConfiguration: {name: main}}
      """;
  private static final String PATH =
      "/apis/pgbackrest.dalibo.com/v1/namespaces/default/stanzas/main";

  private final TestCertificates certificates = TestCertificates.create();
  private KubernetesApiServer server;
  private HttpClient client;

  @BeforeEach
  void start() {
    server = KubernetesApiServer.start(certificates);
    client = HttpClient.newBuilder().sslContext(certificates.clientContext()).build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void anObjectIsReadAsItWasApplied() throws Exception {
    server.apply(STANZA);

    var answer = send("GET", PATH, "");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).at("spec", "stanzaConfiguration", "name")).isEqualTo("main");
    assertThat(json(answer).at("metadata", "generation")).isEqualTo("1");
  }

  @Test
  void whatIsMissingIsNotFoundByName() throws Exception {
    var answer = send("GET", PATH, "");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(json(answer).at("message"))
        .isEqualTo("stanzas.pgbackrest.dalibo.com \"main\" not found");
  }

  @Test
  void aForbiddenSecretIsNamed() throws Exception {
    server.forbid("/secrets/");

    var answer = send("GET", "/api/v1/namespaces/default/secrets/s3", "");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(json(answer).at("message"))
        .startsWith("secrets \"s3\" is forbidden: User \"system:serviceaccount:default:cluster\"");
  }

  @Test
  void stringDataOfASecretIsEncoded() throws Exception {
    server.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: s3}
        stringData: {key: value}
        """);

    var answer = send("GET", "/api/v1/namespaces/default/secrets/s3", "");

    assertThat(json(answer).at("data", "key")).isEqualTo("dmFsdWU=");
  }

  @Test
  void statusAndSpecAreWrittenApart() throws Exception {
    server.apply(STANZA);

    send("PATCH", PATH, "{\"status\":{\"owner\":\"a\"}}");
    send("PATCH", PATH + "/status", "{\"spec\":null,\"status\":{\"count\":3}}");

    JsonObject stanza = server.get("stanzas", "default", "main").orElseThrow();
    assertThat(stanza.getAsJsonObject("status").toString()).isEqualTo("{\"count\":3}");
    assertThat(stanza.has("spec")).isTrue();
  }

  @Test
  void aWriteOnAnOldVersionIsAConflict() throws Exception {
    server.apply(STANZA);

    var answer = send("PATCH", PATH, "{\"metadata\":{\"resourceVersion\":\"1\"}}");

    assertThat(answer.statusCode()).isEqualTo(409);
  }

  @Test
  void anEventCanBePostedAndRead() throws Exception {
    send(
        "POST",
        "/api/v1/namespaces/default/events",
        "{\"apiVersion\":\"v1\",\"kind\":\"Event\",\"metadata\":{\"generateName\":\"main.\"},\"reason\":\"Archived\"}");

    assertThat(server.events().getFirst().get("reason").getAsString()).isEqualTo("Archived");
  }

  @Test
  void aRotatedTokenIsInTheServiceAccountAndTheOldOneIsRefused(@TempDir Path directory)
      throws Exception {
    server.apply(STANZA);
    server.writeServiceAccount(directory, "default");
    String old = server.token();

    server.rotateToken();

    assertThat(send("GET", PATH, "", old).statusCode()).isEqualTo(401);
    assertThat(send("GET", PATH, "", Files.readString(directory.resolve("token"))).statusCode())
        .isEqualTo(200);
  }

  @Test
  void aFaultWithACountEnds() throws Exception {
    server.apply(STANZA);
    server.fail("/stanzas/", 500, 1);

    assertThat(send("GET", PATH, "").statusCode()).isEqualTo(500);
    assertThat(send("GET", PATH, "").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return send(method, path, body, server.token());
  }

  private HttpResponse<String> send(String method, String path, String body, String token)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/merge-patch+json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private record Tree(JsonObject root) {
    String at(String... path) {
      JsonObject current = root;
      for (int i = 0; i < path.length - 1; i++) {
        current = current.getAsJsonObject(path[i]);
      }
      return current.get(path[path.length - 1]).getAsString();
    }
  }

  private static Tree json(HttpResponse<String> response) {
    return new Tree(JsonParser.parseString(response.body()).getAsJsonObject());
  }
}
