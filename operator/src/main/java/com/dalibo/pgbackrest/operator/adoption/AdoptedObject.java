package com.dalibo.pgbackrest.operator.adoption;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.adoption.Adoption.Adoptable;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary.Range;
import com.dalibo.pgbackrest.stanza.contract.AdoptedBackup;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// The Backup object of an adopted backup, as the sidecar would have it, except for its marks and
/// the plugin that it names.
record AdoptedObject(Stanza stanza, Adoptable adoptable) {

  /// The same in each round, and for each replica.
  static String name(Adoptable adoptable) {
    return "%s-%s-%d"
        .formatted(
            adoptable.cluster(),
            Objects.toString(adoptable.backup().label()).toLowerCase(Locale.ROOT).replace('_', '-'),
            adoptable.repository().index());
  }

  String name() {
    return name(adoptable);
  }

  GenericKubernetesResource object() {
    var object = new GenericKubernetesResource();
    object.setApiVersion(Cluster.API_VERSION);
    object.setKind("Backup");
    object.setMetadata(
        new ObjectMetaBuilder()
            .withName(name())
            .withNamespace(stanza.namespace())
            .withLabels(Map.of(AdoptedBackup.LABEL, "true"))
            .withAnnotations(Map.of(AdoptedBackup.LEFT_ALONE, AdoptedBackup.LEFT_ALONE_VALUE))
            .addNewOwnerReference()
            .withApiVersion(Stanza.API_VERSION)
            .withKind(Stanza.KIND)
            .withName(stanza.name())
            .withUid(stanza.metadata().uid())
            .endOwnerReference()
            .build());
    object.setAdditionalProperty(
        "spec",
        Map.of(
            "cluster",
            Map.of("name", adoptable.cluster()),
            "method",
            "plugin",
            "pluginConfiguration",
            Map.of("name", AdoptedBackup.PLUGIN)));
    return object;
  }

  Map<String, Object> status() {
    var backup = adoptable.backup();
    var status = new LinkedHashMap<String, Object>();
    status.put("phase", AdoptedBackup.COMPLETED);
    status.put("method", "plugin");
    status.put("backupId", Objects.toString(backup.label()));
    status.put("backupName", Objects.toString(backup.label()));
    status.put("startedAt", Objects.toString(backup.startTime()));
    status.put("stoppedAt", Objects.toString(backup.stopTime()));
    put(status, "beginWal", Optional.ofNullable(backup.archive()).map(Range::start));
    put(status, "endWal", Optional.ofNullable(backup.archive()).map(Range::stop));
    status.put("online", true);
    status.put("pluginMetadata", metadata());
    return status;
  }

  private Map<String, String> metadata() {
    var backup = adoptable.backup();
    var repository = adoptable.repository();
    var metadata = new TreeMap<String, String>();
    metadata.put("name", Plugin.NAME);
    metadata.put("version", Plugin.version());
    metadata.put("adopted", "true");
    metadata.put("stanza", stanza.name());
    metadata.put("stanzaName", stanza.stanzaName());
    metadata.put("repository", Integer.toString(repository.index()));
    metadata.put("location", repository.storage().location());
    put(metadata, "repositoryName", repository.name());
    put(metadata, "clusterUID", Optional.of(adoptable.clusterUid()).filter(uid -> !uid.isEmpty()));
    put(metadata, "type", Optional.ofNullable(backup.type()));
    put(metadata, "prior", Optional.ofNullable(backup.prior()));
    put(metadata, "size", Optional.ofNullable(backup.size()).map(Object::toString));
    put(
        metadata,
        "repositoryDelta",
        Optional.ofNullable(backup.repositorySize()).map(Object::toString));
    return metadata;
  }

  private static void put(Map<String, ? super String> values, String key, Optional<String> value) {
    value.ifPresent(present -> values.put(key, present));
  }
}
