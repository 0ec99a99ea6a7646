package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/// A repository on a volume: a persistent volume claim of any kind, NFS and CIFS included.
public record VolumeRepository(
    @JsonPropertyDescription(
            "Persistent volume claim in the namespace of the Stanza; all instances must be able "
                + "to mount it (ReadWriteMany, or a single node).")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(RepositorySpec.OBJECT_NAME)
        String claimName,
    @JsonPropertyDescription("File system: posix (also NFS) or cifs.") @Nullable Type type,
    @Inline RepositoryFields fields)
    implements RepositorySpec {
  /// Which file system a volume carries.
  public enum Type {
    /// An ordinary POSIX file system, NFS included.
    @JsonProperty("posix")
    POSIX,
    /// A CIFS share: no links, no directory syncs.
    @JsonProperty("cifs")
    CIFS
  }
}
