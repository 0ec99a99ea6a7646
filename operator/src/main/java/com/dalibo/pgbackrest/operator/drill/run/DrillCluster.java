package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.api.ApiWriter;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.status.CatalogueStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.contract.PublicImage;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The Cluster of a run: a copy of the one that archives to the Stanza, as far as it takes that to
/// restore it, which never acts on the world. It does not archive, and runs no background jobs.
///
/// @param owner the Cluster that archives to the Stanza; empty where it is gone
record DrillCluster(RestoreDrillRun run, Stanza stanza, Optional<JsonObject> owner) {

  private static final String SOURCE = "drill-source";

  /// What a Cluster keeps of its owner: where it finds its images and nodes, and what its data
  /// need.
  private static final List<String> KEPT =
      List.of(
          "imageName",
          "imageCatalogRef",
          "imagePullPolicy",
          "imagePullSecrets",
          "postgresUID",
          "postgresGID",
          "storage",
          "walStorage",
          "tablespaces",
          "resources",
          "schedulerName",
          "seccompProfile",
          "podSecurityContext",
          "securityContext",
          "serviceAccountTemplate",
          "env",
          "envFrom");

  private static final List<String> KEPT_OF_AFFINITY = List.of("nodeSelector", "tolerations");

  /// Libraries whose workers act without anybody asking.
  private static final Set<String> ACTING =
      Set.of(
          "pg_cron",
          "pg_net",
          "pg_partman_bgw",
          "pg_squeeze",
          "pg_repack",
          "pglogical",
          "spock",
          "bdr",
          "pgl_ddl_deploy",
          "pgq",
          "pg_task",
          "pg_timetable",
          "pg_background",
          "pgautofailover",
          "repmgr",
          "citus",
          "worker_spi");

  private static final long MEBIBYTE = 1 << 20;
  private static final long LEAST_MEBIBYTES = 1024;

  JsonObject manifest() {
    var cluster = new JsonObject();
    cluster.addProperty("apiVersion", Cluster.API_VERSION);
    cluster.addProperty("kind", "Cluster");
    cluster.add("metadata", metadata());
    cluster.add("spec", spec());
    return cluster;
  }

  private JsonObject metadata() {
    var metadata = new JsonObject();
    metadata.addProperty("name", DrillNames.cluster(run.name()));
    metadata.addProperty("namespace", run.namespace());
    var labels = new JsonObject();
    labels.addProperty(DrillNames.DRILL, DrillNames.label(run.spec().drillRef()));
    metadata.add("labels", labels);
    var owners = new JsonArray();
    owners.add(DrillObjects.owner(RestoreDrillRun.KIND, run.metadata()));
    metadata.add("ownerReferences", owners);
    return metadata;
  }

  private JsonObject spec() {
    var spec = new JsonObject();
    var origin = owner.map(cluster -> object(cluster, "spec")).orElseGet(JsonObject::new);
    KEPT.stream()
        .filter(origin::has)
        .forEach(field -> spec.add(field, origin.get(field).deepCopy()));
    spec.addProperty("instances", 1);
    spec.addProperty("enablePDB", false);
    spec.addProperty("enableSuperuserAccess", true);
    // Its pods have the label too, so that policies can tell them from others.
    var inherited = new JsonObject();
    var labels = new JsonObject();
    labels.addProperty(DrillNames.DRILL, DrillNames.label(run.spec().drillRef()));
    inherited.add("labels", labels);
    spec.add("inheritedMetadata", inherited);
    affinity(object(origin, "affinity")).ifPresent(affinity -> spec.add("affinity", affinity));
    image(spec, origin);
    spec.add("postgresql", postgresql(object(origin, "postgresql")));
    volumes(spec);
    resources(spec);
    spec.add("bootstrap", bootstrap());
    spec.add("externalClusters", source(origin));
    return spec;
  }

  private static Optional<JsonObject> affinity(JsonObject origin) {
    var affinity = new JsonObject();
    KEPT_OF_AFFINITY.stream()
        .filter(origin::has)
        .forEach(field -> affinity.add(field, origin.get(field).deepCopy()));
    return Optional.of(affinity).filter(found -> !found.isEmpty());
  }

  private void image(JsonObject spec, JsonObject origin) {
    var given = run.spec().cluster() == null ? null : run.spec().cluster().imageName();
    var major = backup().map(CatalogueStatus.Entry::postgresVersion).filter(Objects::nonNull);
    if (given != null) {
      spec.remove("imageCatalogRef");
      spec.addProperty("imageName", given);
    } else if (major.isPresent() && !isOf(major.get(), origin)) {
      spec.remove("imageCatalogRef");
      spec.addProperty("imageName", PublicImage.ofMajor(major.get()));
    }
  }

  /// Whether the owner's image runs a backup; what cannot be told is left to the restore.
  private boolean isOf(String major, JsonObject origin) {
    if (owner.isEmpty()) {
      return false;
    }
    var catalogue = object(origin, "imageCatalogRef").get("major");
    if (catalogue != null) {
      return catalogue.getAsString().equals(major);
    }
    return !(origin.get("imageName") instanceof JsonPrimitive name)
        || !name.getAsString().matches(".*:[1-9][0-9](?![0-9])[^/]*$")
        || name.getAsString().matches(".*:" + major + "(?![0-9])[^/]*$");
  }

  /// The newest in the repository before the moment that is asked for.
  private Optional<CatalogueStatus.Entry> backup() {
    var target = run.spec().recoveryTarget();
    var label = target == null ? null : target.backupID();
    var until = run.spec().askedTime();
    return Optional.ofNullable(stanza.status())
        .map(StanzaStatus::catalogue)
        .map(CatalogueStatus::backups)
        .orElse(List.of())
        .stream()
        .filter(entry -> Objects.equals(entry.repository(), run.spec().repository()))
        .filter(entry -> label == null || label.equals(entry.label()))
        .filter(
            entry ->
                until == null || entry.stopTime() == null || entry.stopTime().compareTo(until) <= 0)
        .max(Comparator.comparing(entry -> Objects.toString(entry.stopTime(), "")));
  }

  private static JsonObject postgresql(JsonObject origin) {
    var postgresql = new JsonObject();
    var parameters = new JsonObject();
    object(origin, "parameters").entrySet().stream()
        .filter(parameter -> !isOfActing(parameter.getKey()))
        .forEach(parameter -> parameters.add(parameter.getKey(), parameter.getValue()));
    parameters.addProperty("max_logical_replication_workers", "0");
    var kept = new JsonArray();
    for (var library : libraries(origin)) {
      if (!ACTING.contains(name(library))) {
        kept.add(library);
      }
      if (name(library).equals("timescaledb")) {
        parameters.addProperty("timescaledb.max_background_workers", "0");
      }
    }
    postgresql.add("parameters", parameters);
    if (!kept.isEmpty()) {
      postgresql.add("shared_preload_libraries", kept);
    }
    if (origin.has("extensions")) {
      postgresql.add("extensions", origin.get("extensions").deepCopy());
    }
    return postgresql;
  }

  /// An entry may have several, as in a configuration file.
  private static List<String> libraries(JsonObject origin) {
    return array(origin, "shared_preload_libraries").stream()
        .flatMap(entry -> Stream.of(entry.getAsString().split(",")))
        .map(String::strip)
        .filter(Predicate.not(String::isEmpty))
        .toList();
  }

  /// PostgreSQL also finds it with its directory, its ending and in quotes.
  private static String name(String library) {
    var file = library.replace("\"", "");
    return file.substring(file.lastIndexOf('/') + 1).replaceFirst("[.]so$", "");
  }

  private static boolean isOfActing(String parameter) {
    var dot = parameter.indexOf('.');
    var prefix = dot < 0 ? "" : parameter.substring(0, dot);
    return prefix.equals("cron") || ACTING.contains(prefix);
  }

  private void volumes(JsonObject spec) {
    var given = run.spec().cluster();
    if (!spec.has("storage")) {
      var storage = new JsonObject();
      storage.addProperty("size", size());
      spec.add("storage", storage);
    }
    if (given != null && given.storage() != null) {
      merge(object(spec, "storage"), ApiWriter.object(given.storage()));
    }
    if (given != null && given.walStorage() != null) {
      if (!spec.has("walStorage")) {
        spec.add("walStorage", new JsonObject());
      }
      merge(object(spec, "walStorage"), ApiWriter.object(given.walStorage()));
    }
  }

  /// Half as much again as the backup holds, and room for WAL.
  private String size() {
    var bytes = backup().map(CatalogueStatus.Entry::size).orElse(0L);
    return (bytes / MEBIBYTE * 3 / 2 + LEAST_MEBIBYTES) + "Mi";
  }

  private void resources(JsonObject spec) {
    var given = run.spec().cluster();
    if (given != null && given.resources() != null) {
      spec.add("resources", ApiWriter.object(given.resources()));
    }
  }

  private JsonObject bootstrap() {
    var recovery = new JsonObject();
    recovery.addProperty("source", SOURCE);
    if (run.spec().recoveryTarget() != null) {
      recovery.add("recoveryTarget", ApiWriter.object(run.spec().recoveryTarget()));
    }
    var bootstrap = new JsonObject();
    bootstrap.add("recovery", recovery);
    return bootstrap;
  }

  private JsonArray source(JsonObject origin) {
    var parameters = new JsonObject();
    parameters.addProperty("stanzaRef", stanza.name());
    if (run.spec().repository() != null) {
      parameters.addProperty("selectedRepository", run.spec().repository().toString());
    }
    pluginConfig(origin).ifPresent(config -> parameters.addProperty("pluginConfigRef", config));
    var plugin = new JsonObject();
    plugin.addProperty("name", Plugin.NAME);
    plugin.add("parameters", parameters);
    var external = new JsonObject();
    external.addProperty("name", SOURCE);
    external.add("plugin", plugin);
    var all = new JsonArray();
    all.add(external);
    return all;
  }

  private static Optional<String> pluginConfig(JsonObject origin) {
    for (var entry : array(origin, "plugins")) {
      if (entry instanceof JsonObject plugin
          && plugin.get("name") instanceof JsonPrimitive name
          && name.getAsString().equals(Plugin.NAME)
          && object(plugin, "parameters").get("pluginConfigRef") instanceof JsonPrimitive config) {
        return Optional.of(config.getAsString());
      }
    }
    return Optional.empty();
  }

  private static void merge(JsonObject into, JsonObject from) {
    from.entrySet().forEach(field -> into.add(field.getKey(), field.getValue()));
  }

  private static JsonObject object(JsonObject parent, String field) {
    return parent.get(field) instanceof JsonObject object ? object : new JsonObject();
  }

  private static List<JsonElement> array(JsonObject parent, String field) {
    @Nullable JsonElement found = parent.get(field);
    return found instanceof JsonArray array ? array.asList() : List.of();
  }
}
