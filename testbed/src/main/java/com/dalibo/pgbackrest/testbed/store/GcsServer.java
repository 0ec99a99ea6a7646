package com.dalibo.pgbackrest.testbed.store;

import com.dalibo.pgbackrest.testbed.program.ServerProgram;
import com.dalibo.pgbackrest.testbed.tls.LoopbackHttps;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The part of Google Cloud Storage's JSON API that pgBackRest speaks, over HTTPS in this JVM: one
/// bucket in memory, one service account. Tokens are checked, and so is the signature of who asks
/// for one. Objects survive [#refuse()].
///
/// It was made after what pgBackRest sends, and so proves how the plugin uses pgBackRest, not how
/// pgBackRest uses Google.
public final class GcsServer implements AutoCloseable {
  private static final String EMAIL = "backups@testbed.example";
  private static final Pattern OBJECTS =
      Pattern.compile("(?:/upload)?/storage/v1/b/([^/]+)(?:/o(?:/(.+))?)?");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
  private static final Pattern BATCHED_DELETE =
      Pattern.compile("Content-ID: ([^\r\n]+)\r\n\r\nDELETE /storage/v1/b/[^/]+/o/([^ ]+) HTTP");

  private final String bucket;
  private final TestCertificates certificates;
  private final KeyPair account = newKeys();
  private final KeyPair stranger = newKeys();
  private final Set<String> tokens = ConcurrentHashMap.newKeySet();
  private final GcsObjects objects = new GcsObjects();
  private final Map<String, GcsObjects.Upload> uploads = new ConcurrentHashMap<>();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private HttpsServer server;

  private GcsServer(TestCertificates certificates, String bucket) {
    this.certificates = certificates;
    this.bucket = bucket;
    server = listen(ServerProgram.freePort());
  }

  /// On a free port, with this bucket.
  public static GcsServer start(TestCertificates certificates, String bucket) {
    return new GcsServer(certificates, bucket);
  }

  public String host() {
    return "localhost";
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /// The key file of the service account, as Google hands it out.
  public String serviceKey() {
    return keyFile(account.getPrivate());
  }

  /// A key file of the account's name with another key.
  public String strangersKey() {
    return keyFile(stranger.getPrivate());
  }

  /// A token that is good until the server is closed.
  public String token() {
    String token = "ya29." + UUID.randomUUID();
    tokens.add(token);
    return token;
  }

  /// The names of all objects.
  public List<String> keys() {
    return objects.names();
  }

  /// Stops listening: connections are refused until [#accept()].
  public synchronized void refuse() {
    server.stop(0);
  }

  /// Listens again on the same port.
  public synchronized void accept() {
    server = listen(port());
  }

  private HttpsServer listen(int port) {
    return LoopbackHttps.listen(port, certificates, executor, this::handle);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      answer(exchange, exchange.getRequestBody().readAllBytes());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private void answer(HttpExchange exchange, byte[] body)
      throws IOException, GeneralSecurityException {
    String path = exchange.getRequestURI().getRawPath();
    Map<String, String> query = parameters(exchange.getRequestURI().getRawQuery());
    if (path.equals("/token")) {
      grant(exchange, parameters(new String(body, StandardCharsets.UTF_8)));
      return;
    }
    // The parts of an upload carry its number and nothing else.
    boolean part = path.startsWith("/upload/") && exchange.getRequestMethod().equals("PUT");
    if (!part && !isAuthorized(exchange)) {
      error(exchange, 401, "Invalid Credentials");
      return;
    }
    if (path.equals("/batch/storage/v1")) {
      deleteAll(exchange, new String(body, StandardCharsets.UTF_8));
      return;
    }
    Matcher target = OBJECTS.matcher(path);
    if (!target.matches() || !target.group(1).equals(bucket)) {
      error(exchange, 404, "The specified bucket does not exist.");
    } else if (path.startsWith("/upload/")) {
      upload(exchange, query, body);
    } else if (target.group(2) == null) {
      send(exchange, 200, objects.list(query));
    } else {
      object(exchange, query, decoded(target.group(2)));
    }
  }

  private boolean isAuthorized(HttpExchange exchange) {
    @Nullable String header = exchange.getRequestHeaders().getFirst("Authorization");
    return header != null
        && header.startsWith("Bearer ")
        && tokens.contains(header.substring("Bearer ".length()));
  }

  /// A token for whoever signs as the service account.
  private void grant(HttpExchange exchange, Map<String, String> form)
      throws IOException, GeneralSecurityException {
    String[] parts = form.getOrDefault("assertion", "..").split("\\.", -1);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(account.getPublic());
    signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    JsonObject answer = new JsonObject();
    if (!claims.contains('"' + EMAIL + '"')
        || !signature.verify(Base64.getUrlDecoder().decode(parts[2]))) {
      answer.addProperty("error", "invalid_grant");
      answer.addProperty("error_description", "Invalid JWT Signature.");
      send(exchange, 400, answer);
      return;
    }
    answer.addProperty("access_token", token());
    answer.addProperty("token_type", "Bearer");
    answer.addProperty("expires_in", 3599);
    send(exchange, 200, answer);
  }

  private void object(HttpExchange exchange, Map<String, String> query, String name)
      throws IOException {
    @Nullable ByteString content = objects.get(name);
    if (content == null) {
      error(exchange, 404, "No such object: %s/%s".formatted(bucket, name));
    } else if (exchange.getRequestMethod().equals("DELETE")) {
      objects.remove(name);
      exchange.sendResponseHeaders(204, -1);
    } else if ("media".equals(query.get("alt"))) {
      media(exchange, content);
    } else {
      send(exchange, 200, objects.describe(name));
    }
  }

  private static void media(HttpExchange exchange, ByteString content) throws IOException {
    @Nullable String header = exchange.getRequestHeaders().getFirst("Range");
    Matcher range = RANGE.matcher(header == null ? "" : header);
    int from = 0;
    int to = content.size();
    if (range.matches()) {
      from = Integer.parseInt(range.group(1));
      to = range.group(2).isEmpty() ? to : Math.min(to, Integer.parseInt(range.group(2)) + 1);
    }
    exchange.sendResponseHeaders(range.matches() ? 206 : 200, to == from ? -1 : to - from);
    content.substring(from, to).writeTo(exchange.getResponseBody());
  }

  /// A small object comes at once; a large one in parts, of which only the last says how many bytes
  /// there are.
  private void upload(HttpExchange exchange, Map<String, String> query, byte[] body)
      throws IOException {
    if ("media".equals(query.get("uploadType"))) {
      String name = query.getOrDefault("name", "");
      objects.put(name, ByteString.copyFrom(body));
      send(exchange, 200, objects.describe(name));
      return;
    }
    if (exchange.getRequestMethod().equals("POST")) {
      String id = UUID.randomUUID().toString();
      uploads.put(id, new GcsObjects.Upload(query.getOrDefault("name", "")));
      exchange.getResponseHeaders().set("X-GUploader-UploadID", id);
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    String id = query.getOrDefault("upload_id", "");
    GcsObjects.Upload upload = uploads.get(id);
    if (upload == null) {
      error(exchange, 404, "no such upload");
      return;
    }
    upload.content().write(body);
    if (exchange.getRequestHeaders().getFirst("Content-Range").endsWith("/*")) {
      exchange.getResponseHeaders().set("Range", "bytes=0-" + (upload.content().size() - 1));
      exchange.sendResponseHeaders(308, -1);
      return;
    }
    uploads.remove(id);
    objects.put(upload.name(), ByteString.copyFrom(upload.content().toByteArray()));
    send(exchange, 200, objects.describe(upload.name()));
  }

  private void deleteAll(HttpExchange exchange, String body) throws IOException {
    StringBuilder answer = new StringBuilder();
    BATCHED_DELETE
        .matcher(body)
        .results()
        .forEach(
            request ->
                answer.append(
                    """
                    --part\r
                    Content-Type: application/http\r
                    Content-ID: response-%s\r
                    \r
                    HTTP/1.1 %s\r
                    Content-Length: 0\r
                    \r
                    \r
                    """
                        .formatted(
                            request.group(1),
                            objects.remove(decoded(request.group(2)))
                                ? "204 No Content"
                                : "404 Not Found")));
    answer.append("--part--\r\n");
    send(exchange, 200, "multipart/mixed; boundary=part", answer.toString());
  }

  private static void error(HttpExchange exchange, int code, String message) throws IOException {
    JsonObject error = new JsonObject();
    error.addProperty("code", code);
    error.addProperty("message", message);
    JsonObject answer = new JsonObject();
    answer.add("error", error);
    send(exchange, code, answer);
  }

  private static void send(HttpExchange exchange, int code, JsonObject answer) throws IOException {
    send(exchange, code, "application/json; charset=UTF-8", answer.toString());
  }

  private static void send(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static Map<String, String> parameters(@Nullable String text) {
    Map<String, String> parameters = new HashMap<>();
    if (text != null) {
      for (String pair : text.split("&", -1)) {
        String[] parts = pair.split("=", 2);
        parameters.put(decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1]));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private String keyFile(PrivateKey key) {
    JsonObject file = new JsonObject();
    file.addProperty("type", "service_account");
    file.addProperty("client_email", EMAIL);
    file.addProperty(
        "private_key", new TestCertificates.Issued(key, certificates.authority()).keyPem());
    file.addProperty("token_uri", "https://%s:%d/token".formatted(host(), port()));
    return file.toString();
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }
}
