package com.dalibo.pgbackrest.testbed.kubernetes;

import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesObjects.ObjectKey;
import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// An answer of the Kubernetes API, refusals as the real one words them.
record ApiAnswer(int status, JsonObject body) {
  static ApiAnswer found(ApiTarget target, Optional<JsonObject> object) {
    return object
        .map(present -> new ApiAnswer(200, present))
        .orElseGet(
            () ->
                status(
                    404,
                    "NotFound",
                    "%s \"%s\" not found"
                        .formatted(target.qualifiedResource(), target.key().name())));
  }

  static ApiAnswer refused(int status, String method, ApiTarget target) {
    ObjectKey key = target.key();
    String verb = Map.of("POST", "create", "PUT", "update").getOrDefault(method, method);
    return switch (status) {
      case 403 ->
          status(
              403,
              "Forbidden",
              ("%s \"%s\" is forbidden: User \"system:serviceaccount:%s:cluster\" cannot %s resource"
                      + " \"%s\" in API group \"%s\" in the namespace \"%s\"")
                  .formatted(
                      target.qualifiedResource(),
                      key.name(),
                      key.namespace(),
                      verb.toLowerCase(Locale.ROOT),
                      key.resource(),
                      key.api().startsWith("apis/") ? key.api().split("/", -1)[1] : "",
                      key.namespace()));
      case 404 -> found(target, Optional.empty());
      case 429 -> status(429, "TooManyRequests", "too many requests, please try again later");
      case 503 ->
          status(503, "ServiceUnavailable", "the server is currently unable to handle the request");
      default -> status(status, "InternalError", "Internal error occurred: the test asked for it");
    };
  }

  static ApiAnswer status(int code, String reason, String message) {
    JsonObject status = new JsonObject();
    status.addProperty("kind", "Status");
    status.addProperty("apiVersion", "v1");
    status.add("metadata", new JsonObject());
    status.addProperty("status", "Failure");
    status.addProperty("message", message);
    status.addProperty("reason", reason);
    status.addProperty("code", code);
    return new ApiAnswer(code, status);
  }
}
