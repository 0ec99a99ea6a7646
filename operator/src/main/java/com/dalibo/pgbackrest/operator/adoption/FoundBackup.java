package com.dalibo.pgbackrest.operator.adoption;

import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.contract.AdoptedBackup;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A Backup object as the API server has it. Text that is not there is empty.
///
/// @param label of the backup in pgBackRest
/// @param stopped when it ended
/// @param repository its number, and its place
/// @param stanza uid of the Stanza that it was adopted from; empty if it was not adopted
record FoundBackup(
    String name,
    String uid,
    String cluster,
    boolean isCompleted,
    String label,
    String stopped,
    String repository,
    String location,
    String stanza) {

  boolean isAdoptedFrom(Stanza of) {
    return stanza.equals(of.metadata().uid());
  }

  static FoundBackup of(GenericKubernetesResource backup) {
    var metadata = backup.getMetadata();
    var isAdopted =
        metadata.getLabels() != null && metadata.getLabels().containsKey(AdoptedBackup.LABEL);
    return new FoundBackup(
        metadata.getName(),
        Objects.toString(metadata.getUid(), ""),
        text(backup.get("spec", "cluster", "name")),
        AdoptedBackup.COMPLETED.equals(text(backup.get("status", "phase"))),
        text(backup.get("status", "backupId")),
        text(backup.get("status", "stoppedAt")),
        remembered(backup, "repository"),
        remembered(backup, "location"),
        isAdopted && !metadata.getOwnerReferences().isEmpty()
            ? Objects.toString(metadata.getOwnerReferences().getFirst().getUid(), "")
            : "");
  }

  private static String remembered(GenericKubernetesResource backup, String key) {
    return backup.get("status", "pluginMetadata") instanceof Map<?, ?> metadata
        ? text(metadata.get(key))
        : "";
  }

  private static String text(@Nullable Object value) {
    return Objects.toString(value, "");
  }
}
