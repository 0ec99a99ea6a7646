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
    value = "!has(self.block) || !self.block || !has(self.bundle) || self.bundle",
    message = "block needs bundle; remove 'bundle: false'")
public record RepositoryFields(
    @JsonPropertyDescription(
            "Name of the repository, for use wherever a repository is selected, such as "
                + "selectedRepository of a Backup.")
        @Size(min = 1, max = 63)
        @Pattern("^[a-z]([-a-z0-9]*[a-z0-9])?$")
        @Nullable String name,
    @JsonPropertyDescription(
            "Number of the repository in pgBackRest. Absent: its position among all repositories,"
                + " in the order S3, Azure, GCS, SFTP, volume. Set it before you remove a "
                + "repository that is not the last.")
        @Min(1)
        @Max(256)
        @Nullable Integer index,
    @JsonPropertyDescription(
            "Path of the backups and WAL in the store or on the volume; starts with /. A "
                + "different path is a different, empty repository.")
        @Required
        @Size(min = 1, max = 1024)
        @Pattern("^/.*$")
        String repoPath,
    @JsonPropertyDescription(
            "How long backups and WAL are kept. If absent, they are never expired.")
        @Nullable RetentionPolicy retentionPolicy,
    @JsonPropertyDescription(
            "Client-side encryption; cannot be added, removed or changed once the repository has "
                + "been written to.")
        @Nullable CipherConfig cipherConfig,
    @JsonPropertyDescription(
            "Bundle small files: far fewer requests and faster backups. If absent, true.")
        @Nullable Boolean bundle,
    @JsonPropertyDescription(
            "Store only the changed parts of a file in later backups; not with bundle: false.")
        @Nullable Boolean block) {}
