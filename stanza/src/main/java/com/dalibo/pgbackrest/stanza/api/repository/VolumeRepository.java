package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/// A repository on a volume: a persistent volume claim of any kind, NFS and CIFS included.
@ValidationRule(
    value = "!has(self.block) || !self.block || (has(self.bundle) && self.bundle)",
    message = "block needs bundle; add 'bundle: true'")
public record VolumeRepository(
    @JsonPropertyDescription(
            "Name of the repository, to be used wherever one is chosen, such as "
                + "selectedRepository of a Backup.")
        @Size(min = 1, max = 63)
        @Pattern("^[a-z]([-a-z0-9]*[a-z0-9])?$")
        @Nullable String name,
    @JsonPropertyDescription(
            "Number of the repository in pgBackRest. Absent: its position among all repositories,"
                + " in the order S3, Azure, GCS, SFTP, volume. Give numbers before you remove a "
                + "repository from the middle.")
        @Min(1)
        @Max(256)
        @Nullable Integer index,
    @JsonPropertyDescription(
            "Persistent volume claim in the namespace of the Stanza; all instances must be able "
                + "to mount it (ReadWriteMany, or a single node).")
        @Required
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        String claimName,
    @JsonPropertyDescription("File system: posix (also NFS) or cifs.") @Nullable Type type,
    @JsonPropertyDescription("Where on the volume backups and WAL are kept; starts with /.")
        @Required
        @Size(min = 1, max = 1024)
        @Pattern("^/.*$")
        String repoPath,
    @JsonPropertyDescription("How long backups and WAL are kept. Absent: for ever.")
        @Nullable RetentionPolicy retentionPolicy,
    @JsonPropertyDescription(
            "Client-side encryption; cannot be added, removed or changed once the repository has "
                + "been written to.")
        @Nullable CipherConfig cipherConfig,
    @JsonPropertyDescription(
            "Store small files together: far fewer requests, faster backups, recommended for "
                + "object stores.")
        @Nullable Boolean bundle,
    @JsonPropertyDescription(
            "Store only the changed parts of a file in later backups; needs bundle.")
        @Nullable Boolean block)
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
