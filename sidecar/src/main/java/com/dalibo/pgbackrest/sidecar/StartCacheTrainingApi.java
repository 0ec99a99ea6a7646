package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.sidecar.standby.PeerIdentity;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
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
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A Kubernetes API for [StartCacheTraining]: one object, which is read as the Stanza and as the
/// Cluster, over TLS, one request per connection.
final class StartCacheTrainingApi implements AutoCloseable {

  private static final char[] NO_PASSWORD = {};

  private static final String STANZA =
      """
      {"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "Stanza",
       "metadata": {"name": "train", "namespace": "default", "uid": "1", "resourceVersion": "1"},
       "spec": {"instances": 2, "stanzaConfiguration": {"name": "main",
         "volumeRepositories": [{"claimName": "train", "repoPath": "/train"}]}}}
      """;

  private final ServerSocket server;

  StartCacheTrainingApi(Path directory, PeerIdentity identity)
      throws IOException, GeneralSecurityException {
    server =
        tls(identity)
            .getServerSocketFactory()
            .createServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
    var account = Files.createDirectories(directory.resolve("serviceaccount"));
    Files.writeString(account.resolve("token"), "train");
    Files.writeString(account.resolve("ca.crt"), identity.authority().text());
    Thread.ofVirtual().start(this::serve);
  }

  private static SSLContext tls(PeerIdentity identity)
      throws IOException, GeneralSecurityException {
    var key =
        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(identity.key().der()));
    var certificate =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(identity.certificate().der()));
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry("train", key, NO_PASSWORD, new Certificate[] {certificate});
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NO_PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  URI address() {
    return URI.create("https://127.0.0.1:" + server.getLocalPort());
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

  @Override
  public void close() throws IOException {
    server.close();
  }
}
