package com.dalibo.pgbackrest.testbed.kubernetes;

import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesObjects.ObjectKey;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesObjects.Part;
import com.dalibo.pgbackrest.testbed.tls.LoopbackHttps;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// A stand-in for the Kubernetes API over HTTPS: any namespaced resource, bearer token, GET, list,
/// POST, PUT, merge PATCH (status apart), DELETE, with the Status bodies of the real one. It checks
/// no schema and no rights; [#forbid] and [#fail] make it refuse.
public final class KubernetesApiServer implements AutoCloseable {
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final TestCertificates certificates;
  private final KubernetesObjects objects = new KubernetesObjects();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final ApiFaults faults = new ApiFaults();
  private volatile String token = UUID.randomUUID().toString();
  private @Nullable Path serviceAccount;

  private KubernetesApiServer(TestCertificates certificates) {
    this.certificates = certificates;
    this.server = LoopbackHttps.listen(0, certificates, threads, this::serve);
  }

  public static KubernetesApiServer start(TestCertificates certificates) {
    return new KubernetesApiServer(certificates);
  }

  // -- what a pod is told ------------------------------------------------------------------------

  public String host() {
    return "127.0.0.1";
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "https://" + host() + ":" + port();
  }

  public String token() {
    return token;
  }

  /// From now on only the new token is good. A service account directory gets it, as the kubelet
  /// does it: the file is replaced, not written over.
  public void rotateToken() {
    token = UUID.randomUUID().toString();
    if (serviceAccount != null) {
      writeToken(serviceAccount);
    }
  }

  /// Writes `token`, `ca.crt` and `namespace`, as they are mounted in a pod.
  public Path writeServiceAccount(Path directory, String namespace) {
    try {
      Files.createDirectories(directory);
      certificates.writeCa(directory.resolve("ca.crt"));
      Files.writeString(directory.resolve("namespace"), namespace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    writeToken(directory);
    serviceAccount = directory;
    return directory;
  }

  private void writeToken(Path directory) {
    try {
      Path fresh = Files.writeString(directory.resolve("token.new"), token);
      Files.move(fresh, directory.resolve("token"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // -- objects -----------------------------------------------------------------------------------

  /// Creates the objects of the YAML or JSON text, or changes those that are there, as `kubectl
  /// apply` does. Without a namespace they are in `default`.
  public void apply(String text) {
    Yaml.read(text).forEach(this::apply);
  }

  public void apply(JsonObject object) {
    ObjectKey key = keyOf(object);
    if (objects.get(key).isEmpty()) {
      objects.create(key, object);
      return;
    }
    objects.merge(key, object, Part.OBJECT);
    if (object.has("status")) {
      objects.merge(key, object, Part.STATUS);
    }
  }

  /// What a new object has as its moment of creation.
  public void setClock(InstantSource clock) {
    objects.setClock(clock);
  }

  /// By resource, such as `stanzas`.
  public Optional<JsonObject> get(String resource, String namespace, String name) {
    return objects.listEverywhere(resource).stream()
        .filter(object -> hasName(object, namespace, name))
        .findFirst();
  }

  public void delete(String resource, String namespace, String name) {
    get(resource, namespace, name).ifPresent(object -> objects.remove(keyOf(object)));
  }

  public List<JsonObject> list(String resource) {
    return objects.listEverywhere(resource);
  }

  /// All events, oldest first.
  public List<JsonObject> events() {
    return list("events").stream()
        .sorted(
            java.util.Comparator.comparingLong(
                event -> KubernetesObjects.metadata(event).get("resourceVersion").getAsLong()))
        .toList();
  }

  private static boolean hasName(JsonObject object, String namespace, String name) {
    JsonObject metadata = KubernetesObjects.metadata(object);
    return metadata.get("namespace").getAsString().equals(namespace)
        && metadata.get("name").getAsString().equals(name);
  }

  private static ObjectKey keyOf(JsonObject object) {
    String version = object.get("apiVersion").getAsString();
    JsonObject metadata = KubernetesObjects.metadata(object);
    return new ObjectKey(
        (version.contains("/") ? "apis/" : "api/") + version,
        metadata.has("namespace") ? metadata.get("namespace").getAsString() : "default",
        plural(object.get("kind").getAsString()),
        metadata.get("name").getAsString());
  }

  private static String plural(String kind) {
    String lower = kind.toLowerCase(Locale.ROOT);
    if (lower.endsWith("s")) {
      return lower + "es";
    }
    return lower.endsWith("y") ? lower.substring(0, lower.length() - 1) + "ies" : lower + "s";
  }

  // -- faults ------------------------------------------------------------------------------------

  /// Answers 403 for requests whose path contains this text, such as `/secrets/`.
  public void forbid(String path) {
    faults.add(path, 403);
  }

  /// Answers with this status for requests whose path contains this text.
  public void fail(String path, int status) {
    faults.add(path, status);
  }

  /// Answers 403 with this message for requests, `METHOD /path`, that contain this text.
  public void refuse(String request, String message) {
    faults.add(request, 403, message);
  }

  /// Answers with this status so many times, then as usual.
  public void fail(String path, int status, int times) {
    faults.add(path, status, times);
  }

  /// Answers as usual, but only after this time.
  public void delay(String path, Duration delay) {
    faults.add(path, delay);
  }

  public void heal() {
    faults.heal();
  }

  /// Every request so far, as `METHOD /path`.
  public List<String> requests() {
    return List.copyOf(requests);
  }

  public void forgetRequests() {
    requests.clear();
  }

  // -- HTTP --------------------------------------------------------------------------------------

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      String method = exchange.getRequestMethod();
      requests.add(method + " " + path);
      ApiAnswer answer = answer(exchange, method, path, new String(body, StandardCharsets.UTF_8));
      byte[] content = answer.body().toString().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status(), content.length);
      exchange.getResponseBody().write(content);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ApiAnswer answer(HttpExchange exchange, String method, String path, String body)
      throws InterruptedException {
    Optional<ApiFaults.Fault> fault = faults.of(method + " " + path);
    if (fault.isPresent() && fault.get().delay().isPositive()) {
      Thread.sleep(fault.get().delay());
    }
    @Nullable String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (!("Bearer " + token).equals(authorization)) {
      return ApiAnswer.status(401, "Unauthorized", "Unauthorized");
    }
    Optional<ApiTarget> target = ApiTarget.of(path);
    if (target.isEmpty() && fault.isPresent() && fault.get().status() != 0) {
      return ApiAnswer.status(fault.get().status(), "Failure", "the request failed");
    }
    if (target.isEmpty()) {
      return ApiAnswer.status(404, "NotFound", "the server could not find the requested resource");
    }
    if (fault.isPresent() && !fault.get().message().isEmpty()) {
      return ApiAnswer.status(fault.get().status(), "Forbidden", fault.get().message());
    }
    if (fault.isPresent() && fault.get().status() != 0) {
      return ApiAnswer.refused(fault.get().status(), method, target.get());
    }
    try {
      return perform(method, target.get(), exchange.getRequestURI().getQuery(), body);
    } catch (JsonSyntaxException | IllegalStateException e) {
      return ApiAnswer.status(
          400, "BadRequest", "the body is not what the API expects: " + e.getMessage());
    }
  }

  private ApiAnswer perform(String method, ApiTarget target, @Nullable String query, String body) {
    ObjectKey key = target.key();
    return switch (method) {
      case "GET" ->
          target.isCollection()
              ? new ApiAnswer(200, ListPage.of(query).of(objects.list(key)))
              : ApiAnswer.found(target, objects.get(key));
      case "POST" -> create(target, parse(body));
      case "PATCH", "PUT" -> change(method, target, parse(body));
      case "DELETE" -> ApiAnswer.found(target, objects.remove(key));
      default -> ApiAnswer.status(405, "MethodNotAllowed", "the server does not allow this method");
    };
  }

  private static JsonObject parse(String body) {
    return JsonParser.parseString(body).getAsJsonObject();
  }

  private ApiAnswer create(ApiTarget target, JsonObject object) {
    JsonObject metadata = KubernetesObjects.metadata(object);
    String name =
        metadata.has("name")
            ? metadata.get("name").getAsString()
            : metadata.get("generateName").getAsString()
                + UUID.randomUUID().toString().substring(0, 5);
    ObjectKey collection = target.key();
    ObjectKey key =
        new ObjectKey(collection.api(), collection.namespace(), collection.resource(), name);
    if (objects.get(key).isPresent()) {
      return ApiAnswer.status(
          409,
          "AlreadyExists",
          "%s \"%s\" already exists".formatted(target.qualifiedResource(), name));
    }
    return new ApiAnswer(201, objects.create(key, object));
  }

  private ApiAnswer change(String method, ApiTarget target, JsonObject patch) {
    ObjectKey key = target.key();
    Optional<JsonObject> before = objects.get(key);
    if (before.isEmpty()) {
      return ApiAnswer.found(target, before);
    }
    JsonObject given = KubernetesObjects.metadata(patch);
    JsonObject stored = KubernetesObjects.metadata(before.get());
    if (given.has("resourceVersion")
        && !given.get("resourceVersion").equals(stored.get("resourceVersion"))) {
      return ApiAnswer.status(
          409,
          "Conflict",
          ("Operation cannot be fulfilled on %s \"%s\": the object has been modified; please apply"
                  + " your changes to the latest version and try again")
              .formatted(target.qualifiedResource(), key.name()));
    }
    if (method.equals("PUT")) {
      // What is absent in a whole object is gone; a merge removes what is null.
      for (String member : List.of("spec", "status", "data")) {
        if (before.get().has(member) && !patch.has(member)) {
          patch.add(member, com.google.gson.JsonNull.INSTANCE);
        }
      }
    }
    return new ApiAnswer(200, objects.merge(key, patch, target.part()));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
