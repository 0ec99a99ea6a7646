package com.dalibo.pgbackrest.stanza.api.plan;

import com.dalibo.pgbackrest.stanza.api.RecoveryTarget;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The restore that is planned.
public record RestorePlanSpec(
    @JsonPropertyDescription("Name of the Stanza, in the namespace of the plan.")
        @Required
        @Size(min = 1, max = 253)
        String stanzaRef,
    @JsonPropertyDescription(
            "Where the recovery ends, as in bootstrap.recovery.recoveryTarget of a Cluster. Absent: "
                + "at the end of the archived WAL.")
        @Nullable RecoveryTarget recoveryTarget,
    @JsonPropertyDescription(
            "Number or name of the repository from which the backup is taken; WAL comes from "
                + "any repository. Absent: the best backup of all repositories.")
        @Nullable String repository,
    @JsonPropertyDescription(
            "Major version of PostgreSQL that the new Cluster is to have; the plan is impossible "
                + "with a backup of another one. Absent: that of the backup.")
        @Nullable Integer postgresMajor,
    @JsonPropertyDescription("Name of the Cluster in the manifest. Absent: that of the plan.")
        @Size(min = 1, max = 50)
        @Nullable String clusterName,
    @JsonPropertyDescription("Number of instances in the manifest. Absent: 1.")
        @Nullable Integer instances,
    @JsonPropertyDescription(
            "Volumes in the manifest. Absent: as large as the restore needs, and WAL in the volume "
                + "of the data.")
        @Nullable Storage storage) {

  /// What the volumes are to be.
  public record Storage(
      @JsonPropertyDescription("Size of the volume for the data.") @Nullable String size,
      @JsonPropertyDescription("Size of a volume for WAL.") @Nullable String walSize,
      @JsonPropertyDescription("Storage class of all volumes.") @Nullable String storageClass,
      @JsonPropertyDescription("Volumes of tablespaces; those that are missing here are added.")
          @Nullable List<TablespaceVolume> tablespaces) {}
}
