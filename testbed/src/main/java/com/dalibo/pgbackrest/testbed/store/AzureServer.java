package com.dalibo.pgbackrest.testbed.store;

import com.dalibo.pgbackrest.testbed.program.ServerProgram;
import com.dalibo.pgbackrest.testbed.program.ToolScript;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Azurite, Microsoft's stand-in for Azure Storage, over HTTPS on a loopback port: one account,
/// path style. Blobs are in files; they survive [#refuse()].
public final class AzureServer implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("<Name>([^<]+)</Name>");
  private static final Pattern MARKER = Pattern.compile("<NextMarker>([^<]+)</NextMarker>");
  private static final String VERSION = "2021-08-06";

  private final String account = "testbed";
  private final String key = key("the key of the account");
  private final String otherKey = key("the key of another account");
  private final int port;
  private final ServerProgram program;
  private final HttpClient client;

  private AzureServer(Path directory, TestCertificates certificates) throws IOException {
    port = ServerProgram.freePort();
    client = HttpClient.newBuilder().sslContext(certificates.clientContext()).build();
    Path certificate =
        Files.writeString(directory.resolve("server.crt"), certificates.server().certificatePem());
    Path privateKey =
        Files.writeString(directory.resolve("server.key"), certificates.server().keyPem());
    List<String> command = new ArrayList<>();
    command.addAll(List.of("node", ToolScript.path("azurite").toString()));
    command.addAll(List.of("--blobHost", "127.0.0.1", "--blobPort", "" + port));
    command.addAll(List.of("--cert", certificate.toString(), "--key", privateKey.toString()));
    command.addAll(List.of("--location", directory.resolve("blobs").toString()));
    command.addAll(List.of("--disableProductStyleUrl", "--disableTelemetry", "--silent"));
    command.add("--skipApiVersionCheck");
    program =
        new ServerProgram(
            port,
            directory.resolve("azurite.log"),
            Map.of("AZURITE_ACCOUNTS", account + ":" + key),
            command);
  }

  /// On a free port, with this container.
  public static AzureServer start(Path directory, TestCertificates certificates, String container) {
    try {
      Files.createDirectories(directory);
      AzureServer server = new AzureServer(directory, certificates);
      server.accept();
      server.createContainer(container);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("Azurite cannot be started", e);
    }
  }

  public String host() {
    return "localhost";
  }

  public int port() {
    return port;
  }

  public String account() {
    return account;
  }

  public String key() {
    return key;
  }

  /// A key of the right form that is not the account's.
  public String strangersKey() {
    return otherKey;
  }

  /// A signature that allows everything in the account for a day.
  public String sharedAccessSignature() {
    String expiry = Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS) + "";
    String text =
        String.join("\n", account, "rwdlac", "b", "sco", "", expiry, "", "https", VERSION, "", "");
    return "sv=%s&ss=b&srt=sco&sp=rwdlac&se=%s&spr=https&sig=%s"
        .formatted(VERSION, encoded(expiry), encoded(signature(text)));
  }

  /// The names of all blobs.
  public List<String> keys(String container) {
    List<String> names = new ArrayList<>();
    String marker = "";
    do {
      String page = send("GET", container, "restype=container&comp=list&marker=" + marker, 200);
      NAME.matcher(page).results().map(match -> match.group(1)).forEach(names::add);
      marker =
          MARKER
              .matcher(page)
              .results()
              .map(match -> encoded(match.group(1)))
              .findFirst()
              .orElse("");
    } while (!marker.isEmpty());
    return names;
  }

  /// Ends the server: connections are refused until [#accept()].
  public void refuse() {
    program.stop();
  }

  /// Listens, again on the same port.
  public void accept() {
    program.start();
  }

  private void createContainer(String container) {
    var _ = send("PUT", container, "restype=container", 201);
  }

  private String send(String method, String container, String query, int expected) {
    URI uri =
        URI.create(
            "https://%s:%d/%s/%s?%s&%s"
                .formatted(host(), port, account, container, query, sharedAccessSignature()));
    try {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(uri)
                  .method(method, HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != expected) {
        throw new IllegalStateException(
            "Azurite answers %d to %s %s: %s"
                .formatted(response.statusCode(), method, container, response.body()));
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String signature(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String key(String words) {
    return Base64.getEncoder().encodeToString(words.getBytes(StandardCharsets.UTF_8));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    program.close();
    client.close();
  }
}
