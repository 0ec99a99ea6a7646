package com.dalibo.pgbackrest.sidecar.kubernetes;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.sidecar.failure.Retry;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The few calls the sidecar makes to the Kubernetes API: read an object or a list, change a
/// status, post an event, delete what no longer stands for anything. Token and API CA are followed
/// when the kubelet replaces them; failures that may pass are retried for a few seconds.
public final class KubernetesApi {

  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final int ATTEMPTS = 4;
  private static final Retry RETRY = new Retry(KubernetesApi::pause);
  private static final Log log = Log.named("kubernetes");

  private final URI server;
  private final Path serviceAccount;

  private @Nullable TrustedClient client;

  public KubernetesApi(URI server, Path serviceAccount) {
    this.server = server;
    this.serviceAccount = serviceAccount;
  }

  /// The object at a path such as `/api/v1/namespaces/default/secrets/keys`.
  public JsonObject get(String path) throws KubernetesException, InterruptedException {
    return send("GET", path, "", null);
  }

  /// Changes what `patch` names of the status of the object at `path`; a `resourceVersion` in it
  /// makes the change conditional.
  JsonObject patchStatus(String path, JsonObject patch)
      throws KubernetesException, InterruptedException {
    return send("PATCH", path + "/status", "application/merge-patch+json", patch);
  }

  /// Changes what `patch` names of the object at `path`, its status apart.
  public JsonObject patch(String path, JsonObject patch)
      throws KubernetesException, InterruptedException {
    return send("PATCH", path, "application/merge-patch+json", patch);
  }

  void create(String path, JsonObject object) throws KubernetesException, InterruptedException {
    var _ = send("POST", path, "application/json", object);
  }

  /// Only if the object is still the one that has this uid; else the answer is a conflict.
  public void delete(String path, String uid) throws KubernetesException, InterruptedException {
    var preconditions = new JsonObject();
    preconditions.addProperty("uid", uid);
    var options = new JsonObject();
    options.addProperty("apiVersion", "v1");
    options.addProperty("kind", "DeleteOptions");
    options.add("preconditions", preconditions);
    var _ = send("DELETE", path, "application/json", options);
  }

  private JsonObject send(String method, String path, String type, @Nullable JsonObject body)
      throws KubernetesException, InterruptedException {
    return RETRY.call(
        KubernetesException.class,
        (failure, failed) -> failure.mayPass() && failed.number() < ATTEMPTS,
        (failure, failed) ->
            log.debug(
                "retrying",
                "path",
                path,
                "attempt",
                failed.number(),
                "cause",
                failure.getMessage()),
        () -> sendOnce(method, path, type, body));
  }

  private JsonObject sendOnce(String method, String path, String type, @Nullable JsonObject body)
      throws KubernetesException, InterruptedException {
    try {
      var response = client().send(request(method, path, type, body), BodyHandlers.ofString());
      if (response.statusCode() / 100 == 2) {
        return JsonParser.parseString(response.body()).getAsJsonObject();
      }
      throw refusal(path, response);
    } catch (IOException | JsonParseException | IllegalStateException failure) {
      throw new KubernetesException(
          0,
          "the Kubernetes API at %s cannot be reached: %s".formatted(server, words(failure)),
          failure);
    }
  }

  private HttpRequest request(String method, String path, String type, @Nullable JsonObject body)
      throws IOException {
    var request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(ANSWER)
            .header("Authorization", "Bearer " + token())
            .header("Accept", "application/json")
            .header("User-Agent", "pgbackrest-plugin");
    if (body == null) {
      return request.method(method, BodyPublishers.noBody()).build();
    }
    return request
        .header("Content-Type", type)
        .method(method, BodyPublishers.ofString(body.toString()))
        .build();
  }

  /// Read for each request: the kubelet replaces it long before it ends, and the file is small.
  private String token() throws IOException {
    return Files.readString(serviceAccount.resolve("token")).strip();
  }

  private synchronized HttpClient client() throws IOException {
    var authority = Files.readString(serviceAccount.resolve("ca.crt"));
    if (client == null || !client.authority.equals(authority)) {
      if (client != null) {
        client.http.shutdown();
      }
      client = new TrustedClient(authority, connect(authority));
    }
    return client.http;
  }

  private static HttpClient connect(String authority) throws IOException {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT)
        .followRedirects(HttpClient.Redirect.NEVER)
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .sslContext(ApiTrust.context(authority))
        .build();
  }

  private static KubernetesException refusal(String path, HttpResponse<String> response) {
    return new KubernetesException(
        response.statusCode(),
        "the Kubernetes API answered %d for '%s': %s"
            .formatted(response.statusCode(), path, message(response.body())),
        null);
  }

  /// The `message` of a Kubernetes `Status`, or what was said instead of one.
  private static String message(String body) {
    try {
      return JsonParser.parseString(body).getAsJsonObject().get("message").getAsString();
    } catch (RuntimeException _) {
      return body.substring(0, Math.min(200, body.length())).strip();
    }
  }

  private static String words(Exception trouble) {
    return trouble.getMessage() == null ? trouble.getClass().getSimpleName() : trouble.getMessage();
  }

  private static Duration pause(int attempt) {
    var base = 100L << (2 * (attempt - 1));
    return Duration.ofMillis(base + ThreadLocalRandom.current().nextLong(base));
  }

  private record TrustedClient(String authority, HttpClient http) {}
}
