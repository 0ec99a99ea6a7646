package com.dalibo.pgbackrest.testbed.cnpg;

import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesObjects;
import com.dalibo.pgbackrest.testbed.kubernetes.Yaml;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A Cluster as CNPG hands it to plugins: what the user wrote, with the status of the moment. The
/// instance managers of all its pods look at the same object.
public final class ClusterDefinition {
  private final JsonObject cluster;

  private ClusterDefinition(JsonObject cluster) {
    this.cluster = cluster;
  }

  /// From YAML as a user writes it. It gets a uid of its own and is in namespace `default` unless
  /// it says otherwise.
  public static ClusterDefinition of(String yaml) {
    return of(Yaml.readOne(yaml));
  }

  public static ClusterDefinition of(JsonObject written) {
    JsonObject cluster = written.deepCopy();
    JsonObject metadata = KubernetesObjects.metadata(cluster);
    if (!metadata.has("namespace")) {
      metadata.addProperty("namespace", "default");
    }
    if (!metadata.has("uid")) {
      metadata.addProperty("uid", java.util.UUID.randomUUID().toString());
    }
    if (!cluster.has("status")) {
      cluster.add("status", new JsonObject());
    }
    return new ClusterDefinition(cluster);
  }

  public synchronized JsonObject json() {
    return cluster.deepCopy();
  }

  ByteString bytes() {
    return ByteString.copyFromUtf8(json().toString());
  }

  public String name() {
    return metadata("name");
  }

  public String namespace() {
    return metadata("namespace");
  }

  public String uid() {
    return metadata("uid");
  }

  private synchronized String metadata(String member) {
    return cluster.getAsJsonObject("metadata").get(member).getAsString();
  }

  /// The pod is primary, and nothing else is on its way.
  public synchronized ClusterDefinition primary(String pod) {
    return status("currentPrimary", pod).status("targetPrimary", pod);
  }

  public synchronized ClusterDefinition currentPrimary(String pod) {
    return status("currentPrimary", pod);
  }

  public synchronized ClusterDefinition targetPrimary(String pod) {
    return status("targetPrimary", pod);
  }

  public synchronized ClusterDefinition timeline(int timeline) {
    cluster.getAsJsonObject("status").addProperty("timelineID", timeline);
    return this;
  }

  /// Where the pod is, as CNPG says it.
  public synchronized ClusterDefinition address(String pod, String address) {
    reported(pod).addProperty("ip", address);
    return this;
  }

  /// What the pod was when CNPG last asked it.
  public synchronized ClusterDefinition reported(String pod, boolean primary, int timeline) {
    reported(pod).addProperty("isPrimary", primary);
    reported(pod).addProperty("timeLineID", timeline);
    return this;
  }

  private JsonObject reported(String pod) {
    return object(object(cluster.getAsJsonObject("status"), "instancesReportedState"), pod);
  }

  private static JsonObject object(JsonObject parent, String member) {
    if (!parent.has(member)) {
      parent.add(member, new JsonObject());
    }
    return parent.getAsJsonObject(member);
  }

  private ClusterDefinition status(String member, String value) {
    cluster.getAsJsonObject("status").addProperty(member, value);
    return this;
  }

  public synchronized ClusterDefinition annotate(String name, String value) {
    object(cluster.getAsJsonObject("metadata"), "annotations").addProperty(name, value);
    return this;
  }

  /// Whether it follows another cluster.
  public synchronized ClusterDefinition replica(boolean enabled) {
    object(cluster.getAsJsonObject("spec"), "replica").addProperty("enabled", enabled);
    return this;
  }

  /// Somebody corrects `spec.bootstrap.recovery.recoveryTarget`.
  public synchronized ClusterDefinition recoveryTarget(String yaml) {
    object(object(cluster.getAsJsonObject("spec"), "bootstrap"), "recovery")
        .add("recoveryTarget", Yaml.readOne(yaml));
    return this;
  }

  Optional<String> currentPrimary() {
    return text("status", "currentPrimary").filter(value -> !value.isEmpty());
  }

  Optional<String> targetPrimary() {
    return text("status", "targetPrimary").filter(value -> !value.isEmpty());
  }

  int timeline() {
    return text("status", "timelineID").map(Integer::parseInt).orElse(0);
  }

  boolean isReplica() {
    return com.dalibo.pgbackrest.cnpgi.object.Cluster.parse(bytes()).isReplica();
  }

  boolean skipsEmptyArchiveCheck() {
    return text("metadata", "annotations", "cnpg.io/skipEmptyWalArchiveCheck")
        .filter("enabled"::equals)
        .isPresent();
  }

  /// `spec.bootstrap.recovery.recoveryTarget`, where a target is set.
  Optional<JsonObject> recoveryTarget() {
    return at("spec", "bootstrap", "recovery", "recoveryTarget")
        .filter(JsonElement::isJsonObject)
        .map(JsonElement::getAsJsonObject);
  }

  private Optional<String> text(String... path) {
    return at(path).filter(JsonElement::isJsonPrimitive).map(JsonElement::getAsString);
  }

  private synchronized Optional<JsonElement> at(String... path) {
    @Nullable JsonElement current = cluster;
    for (String member : path) {
      if (current == null || current instanceof JsonArray || !current.isJsonObject()) {
        return Optional.empty();
      }
      current = current.getAsJsonObject().get(member);
    }
    return Optional.ofNullable(current);
  }
}
