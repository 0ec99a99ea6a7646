package com.dalibo.pgbackrest.sidecar;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// A Kubernetes API for [Training]: one Stanza, over plain HTTP, one request per connection.
final class TrainingApi implements AutoCloseable {

  private static final String STANZA =
      """
      {"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "Stanza",
       "metadata": {"name": "train", "namespace": "default", "uid": "1", "resourceVersion": "1"},
       "spec": {"stanzaConfiguration": {"name": "main",
         "volumeRepositories": [{"claimName": "train", "repoPath": "/train"}]}}}
      """;

  private final ServerSocket server;

  TrainingApi(Path directory) throws IOException, GeneralSecurityException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    var account = Files.createDirectories(directory.resolve("serviceaccount"));
    Files.writeString(account.resolve("token"), "train");
    Files.writeString(account.resolve("ca.crt"), authority());
    Thread.ofVirtual().start(this::serve);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  private void serve() {
    while (!server.isClosed()) {
      try (var connection = server.accept()) {
        answer(connection);
      } catch (IOException _) {
        // closed, by us or by the client
      }
    }
  }

  private static void answer(Socket connection) throws IOException {
    var request =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
    String line = request.readLine();
    while (line != null && !line.isEmpty()) {
      line = request.readLine();
    }
    var body = STANZA.getBytes(StandardCharsets.UTF_8);
    var head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(body.length);
    connection.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
    connection.getOutputStream().write(body);
    connection.getOutputStream().flush();
  }

  /// Any certificate will do: the code that reads it is what matters.
  private static String authority() throws GeneralSecurityException {
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    @Nullable KeyStore ofTheRuntime = null;
    trust.init(ofTheRuntime);
    var certificates = ((X509TrustManager) trust.getTrustManagers()[0]).getAcceptedIssuers();
    if (certificates.length == 0) {
      throw new IllegalStateException("the Java runtime trusts no certificate; install cacerts");
    }
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(certificates[0].getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
