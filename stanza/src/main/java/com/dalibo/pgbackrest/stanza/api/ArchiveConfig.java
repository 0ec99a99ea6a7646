package com.dalibo.pgbackrest.stanza.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import org.jspecify.annotations.Nullable;

/// How WAL is archived and fetched.
public record ArchiveConfig(
    @JsonPropertyDescription(
            "Archive and fetch several WAL segments in parallel, in the background; processMax "
                + "sets how many.")
        @Nullable Boolean async,
    @JsonPropertyDescription(
            "When more WAL than this waits to be archived, pgBackRest DROPS it and continues: the "
                + "disk is safe, point-in-time recovery is not. Omit it unless a full disk is worse than a gap.")
        @Pattern("^[0-9]{1,15}(B|KiB|MiB|GiB|TiB|PiB)$")
        @Nullable String pushQueueMax,
    @JsonPropertyDescription("How much WAL to fetch ahead during recovery.")
        @Pattern("^[0-9]{1,15} ?(B|KiB|MiB|GiB|TiB|PiB)$")
        @Nullable String getQueueMax) {

  /// As pgBackRest reads it; the schema of the Go plugin allowed a blank before the unit.
  public @Nullable String getQueueSize() {
    return getQueueMax == null ? null : getQueueMax.replace(" ", "");
  }
}
