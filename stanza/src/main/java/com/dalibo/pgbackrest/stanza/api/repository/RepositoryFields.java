package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/// The fields that every repository has.
@ValidationRule(
    value = "!has(self.block) || !self.block || (has(self.bundle) && self.bundle)",
    message = "block needs bundle; add 'bundle: true'")
public record RepositoryFields(
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
            "Path of the backups and WAL in the store or on the volume; starts with /. Another path "
                + "is another, empty repository.")
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
        @Nullable Boolean block) {}
