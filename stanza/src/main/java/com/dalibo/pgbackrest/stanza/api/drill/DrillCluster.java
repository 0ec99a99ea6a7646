package com.dalibo.pgbackrest.stanza.api.drill;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The Cluster of a drill, as far as it differs from the one that archives to the Stanza.
public record DrillCluster(
    @JsonPropertyDescription(
            "Image of PostgreSQL. Absent: that of the Cluster that archives to the Stanza, or"
                + " CNPG's for the major version of the backup.")
        @Size(min = 1, max = 1024)
        @Nullable String imageName,
    @JsonPropertyDescription("Volume of the data directory.") @Nullable Storage storage,
    @JsonPropertyDescription("Volume for WAL.") @Nullable Storage walStorage,
    @JsonPropertyDescription("Resources of PostgreSQL's container.")
        @Nullable Resources resources) {

  /// A volume.
  public record Storage(
      @JsonPropertyDescription("Size of the volume.") @Pattern(RestoreDrillSpec.QUANTITY)
          @Nullable String size,
      @JsonPropertyDescription("StorageClass of the volume.") @Size(min = 1, max = 253)
          @Nullable String storageClass) {}

  /// Resources of a container, as Kubernetes knows them.
  public record Resources(
      @JsonPropertyDescription("Limits of the resources that PostgreSQL may use.")
          @Nullable Map<String, String> limits,
      @JsonPropertyDescription("Resources that PostgreSQL requests.")
          @Nullable Map<String, String> requests) {}
}
