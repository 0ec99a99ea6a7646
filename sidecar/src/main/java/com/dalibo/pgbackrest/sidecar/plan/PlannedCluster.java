package com.dalibo.pgbackrest.sidecar.plan;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.selection.RestoreTarget;
import com.dalibo.pgbackrest.stanza.api.ApiWriter;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlan;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanSpec.Storage;
import com.dalibo.pgbackrest.stanza.api.plan.TablespaceVolume;
import com.dalibo.pgbackrest.stanza.cluster.RequestedRecovery;
import com.dalibo.pgbackrest.stanza.contract.PublicImage;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The Cluster that does the restore. The choice is made for it, as it would be in its restore.
final class PlannedCluster {
  private static final String SOURCE = "origin";
  private static final int MEBIBYTE = 1 << 20;

  /// That of a Service, too.
  private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");

  private static final int LONGEST_NAME = 50;

  private final RestorePlan plan;
  private final Optional<String> image;
  private Optional<String> backupId = Optional.empty();
  private Optional<String> major;
  private Optional<VolumeNeeds> needs = Optional.empty();

  /// @param image of PostgreSQL in the Cluster that archives to the Stanza, if any
  PlannedCluster(RestorePlan plan, Optional<String> image) {
    this.plan = plan;
    this.image = image;
    this.major = Optional.ofNullable(plan.spec().postgresMajor()).map(String::valueOf);
  }

  /// With the label of the backup to start from.
  PlannedCluster from(String label) {
    backupId = Optional.of(label);
    return this;
  }

  /// With what the backup asks of the Cluster.
  ///
  /// @param itsMajor the major version of PostgreSQL
  PlannedCluster with(Optional<String> itsMajor, VolumeNeeds itsNeeds) {
    major = major.or(() -> itsMajor);
    needs = Optional.of(itsNeeds);
    return this;
  }

  Cluster cluster() {
    return Cluster.parse(json().toString().getBytes(StandardCharsets.UTF_8));
  }

  /// What Kubernetes or CNPG would refuse in its manifest.
  ///
  /// @throws IllegalArgumentException with the remedy
  void require() {
    if (!NAME.matcher(name()).matches() || name().length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "a Cluster cannot have the name '%s': set spec.clusterName to lower-case letters, digits and '-', a letter first, at most %d in all"
              .formatted(name(), LONGEST_NAME));
    }
    if (plan.spec().instances() != null && plan.spec().instances() < 1) {
      throw new IllegalArgumentException(
          "a Cluster cannot have %d instances: set spec.instances to 1 or more"
              .formatted(plan.spec().instances()));
    }
    var storage = plan.spec().storage();
    if (storage == null) {
      return;
    }
    var tablespaces =
        Objects.requireNonNullElse(storage.tablespaces(), List.<TablespaceVolume>of()).stream()
            .map(TablespaceVolume::size);
    Stream.concat(Stream.of(storage.size(), storage.walSize()), tablespaces)
        .filter(Objects::nonNull)
        .filter(Predicate.not(VolumeNeeds::isSize))
        .findFirst()
        .ifPresent(
            size -> {
              throw new IllegalArgumentException(
                  "'%s' in spec.storage is not the size of a volume: write it as 20Gi"
                      .formatted(size));
            });
  }

  private String name() {
    return Objects.requireNonNullElse(plan.spec().clusterName(), plan.name());
  }

  /// What it asks for.
  ///
  /// @throws IllegalArgumentException where that cannot be read
  RequestedRecovery requested() {
    return RequestedRecovery.of(cluster(), Instant.now());
  }

  String manifest() {
    return YamlText.of(json());
  }

  private JsonObject json() {
    var cluster = new JsonObject();
    cluster.addProperty("apiVersion", Cluster.API_VERSION);
    cluster.addProperty("kind", "Cluster");
    var metadata = new JsonObject();
    metadata.addProperty("name", name());
    metadata.addProperty("namespace", plan.namespace());
    cluster.add("metadata", metadata);
    cluster.add("spec", spec());
    return cluster;
  }

  private JsonObject spec() {
    var spec = new JsonObject();
    spec.addProperty("instances", Objects.requireNonNullElse(plan.spec().instances(), 1));
    major.ifPresent(version -> spec.addProperty("imageName", imageOf(version)));
    needs.ifPresent(
        found -> {
          parameters(spec, found);
          volumes(spec, found);
        });
    var recovery = new JsonObject();
    recovery.addProperty("source", SOURCE);
    var target = target();
    if (!target.isEmpty()) {
      recovery.add("recoveryTarget", target);
    }
    spec.add("bootstrap", object("recovery", recovery));
    spec.add("externalClusters", externalClusters());
    return spec;
  }

  /// That of the former Cluster, which the nodes surely find; CNPG's where there is none, or where
  /// the backup is of another major version.
  private String imageOf(String version) {
    return image
        .filter(
            own ->
                Cluster.majorVersionOfTag(own)
                    .map(String::valueOf)
                    .filter(Predicate.not(version::equals))
                    .isEmpty())
        .orElse(PublicImage.ofMajor(version));
  }

  private JsonArray externalClusters() {
    var parameters = new JsonObject();
    parameters.addProperty("stanzaRef", plan.spec().stanzaRef());
    var plugin = new JsonObject();
    plugin.addProperty("name", Plugin.NAME);
    plugin.add("parameters", parameters);
    var source = new JsonObject();
    source.addProperty("name", SOURCE);
    source.add("plugin", plugin);
    var all = new JsonArray();
    all.add(source);
    return all;
  }

  private JsonObject target() {
    var asked = plan.spec().recoveryTarget();
    var target = asked == null ? new JsonObject() : ApiWriter.object(asked);
    if (asked != null) {
      zoned(asked.targetTime()).ifPresent(time -> target.addProperty("targetTime", time));
    }
    backupId.ifPresent(label -> target.addProperty("backupID", label));
    return target;
  }

  /// A time without a zone is UTC; PostgreSQL would take it for one of the zone of its settings.
  private static Optional<String> zoned(@Nullable String time) {
    if (time == null || time.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(RestoreTarget.Time.parse(time).text());
    } catch (IllegalArgumentException _) {
      // The choice says so.
      return Optional.empty();
    }
  }

  /// PostgreSQL does not start where these are smaller than two segments.
  private static void parameters(JsonObject spec, VolumeNeeds found) {
    var least = 2L * found.segmentSize() / MEBIBYTE;
    var parameters = new JsonObject();
    if (least > 80) {
      parameters.addProperty("min_wal_size", least + "MB");
    }
    if (least > 1024) {
      parameters.addProperty("max_wal_size", 2 * least + "MB");
    }
    if (!parameters.isEmpty()) {
      spec.add("postgresql", object("parameters", parameters));
    }
  }

  private void volumes(JsonObject spec, VolumeNeeds found) {
    var storage = Optional.ofNullable(plan.spec().storage());
    spec.add("storage", volume(storage.map(Storage::size).orElseGet(found::data)));
    storage.map(Storage::walSize).ifPresent(size -> spec.add("walStorage", volume(size)));
    var tablespaces = new JsonArray();
    found
        .tablespaces()
        .forEach(
            tablespace -> {
              var entry = new JsonObject();
              entry.addProperty("name", tablespace.name());
              entry.add("storage", volume(tablespace.size()));
              tablespaces.add(entry);
            });
    if (!tablespaces.isEmpty()) {
      spec.add("tablespaces", tablespaces);
    }
  }

  private JsonObject volume(String size) {
    var volume = new JsonObject();
    volume.addProperty("size", size);
    Optional.ofNullable(plan.spec().storage())
        .map(Storage::storageClass)
        .ifPresent(name -> volume.addProperty("storageClass", name));
    return volume;
  }

  private static JsonObject object(String name, JsonObject content) {
    var object = new JsonObject();
    object.add(name, content);
    return object;
  }
}
