package com.dalibo.pgbackrest.stanza.api;

import com.dalibo.pgbackrest.stanza.api.repository.AzureRepository;
import com.dalibo.pgbackrest.stanza.api.repository.GcsRepository;
import com.dalibo.pgbackrest.stanza.api.repository.S3Repository;
import com.dalibo.pgbackrest.stanza.api.repository.SftpRepository;
import com.dalibo.pgbackrest.stanza.api.repository.VolumeRepository;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What pgBackRest is told: the stanza, its repositories and its settings.
@ValidationRule(
    value =
        "(has(self.s3Repositories) && size(self.s3Repositories) > 0) || "
            + "(has(self.azureRepositories) && size(self.azureRepositories) > 0) || "
            + "(has(self.gcsRepositories) && size(self.gcsRepositories) > 0) || "
            + "(has(self.sftpRepositories) && size(self.sftpRepositories) > 0) || "
            + "(has(self.volumeRepositories) && size(self.volumeRepositories) > 0)",
    message = "a stanza needs at least one repository; add one, for example under s3Repositories")
@ValidationRule(
    value =
        "!has(self.s3Repositories) || self.s3Repositories.all(r, (!has(r.name) || "
            + "self.s3Repositories.exists_one(o, has(o.name) && o.name == r.name)) && "
            + "(!has(r.index) || self.s3Repositories.exists_one(o, has(o.index) && o.index == "
            + "r.index)))",
    message = "names and indexes of repositories must be unique; two of s3Repositories share one")
@ValidationRule(
    value =
        "!has(self.azureRepositories) || self.azureRepositories.all(r, (!has(r.name) || "
            + "self.azureRepositories.exists_one(o, has(o.name) && o.name == r.name)) && "
            + "(!has(r.index) || self.azureRepositories.exists_one(o, has(o.index) && o.index == "
            + "r.index)))",
    message =
        "names and indexes of repositories must be unique; two of azureRepositories share one")
@ValidationRule(
    value =
        "!has(self.gcsRepositories) || self.gcsRepositories.all(r, (!has(r.name) || "
            + "self.gcsRepositories.exists_one(o, has(o.name) && o.name == r.name)) && "
            + "(!has(r.index) || self.gcsRepositories.exists_one(o, has(o.index) && o.index == "
            + "r.index)))",
    message = "names and indexes of repositories must be unique; two of gcsRepositories share one")
@ValidationRule(
    value =
        "!has(self.sftpRepositories) || self.sftpRepositories.all(r, (!has(r.name) || "
            + "self.sftpRepositories.exists_one(o, has(o.name) && o.name == r.name)) && "
            + "(!has(r.index) || self.sftpRepositories.exists_one(o, has(o.index) && o.index == "
            + "r.index)))",
    message = "names and indexes of repositories must be unique; two of sftpRepositories share one")
@ValidationRule(
    value =
        "!has(self.volumeRepositories) || self.volumeRepositories.all(r, (!has(r.name) || "
            + "self.volumeRepositories.exists_one(o, has(o.name) && o.name == r.name)) && "
            + "(!has(r.index) || self.volumeRepositories.exists_one(o, has(o.index) && o.index == "
            + "r.index)))",
    message =
        "names and indexes of repositories must be unique; two of volumeRepositories share "
            + "one")
@ValidationRule(
    value =
        "!has(self.s3Repositories) || !has(self.azureRepositories) || "
            + "self.s3Repositories.all(a, self.azureRepositories.all(b, (!has(a.name) || "
            + "!has(b.name) || a.name != b.name) && (!has(a.index) || !has(b.index) || a.index != "
            + "b.index)))",
    message =
        "names and indexes of repositories must be unique; s3Repositories and "
            + "azureRepositories share one")
@ValidationRule(
    value =
        "!has(self.s3Repositories) || !has(self.gcsRepositories) || "
            + "self.s3Repositories.all(a, self.gcsRepositories.all(b, (!has(a.name) || !has(b.name)"
            + " || a.name != b.name) && (!has(a.index) || !has(b.index) || a.index != b.index)))",
    message =
        "names and indexes of repositories must be unique; s3Repositories and gcsRepositories"
            + " share one")
@ValidationRule(
    value =
        "!has(self.s3Repositories) || !has(self.sftpRepositories) || "
            + "self.s3Repositories.all(a, self.sftpRepositories.all(b, (!has(a.name) || "
            + "!has(b.name) || a.name != b.name) && (!has(a.index) || !has(b.index) || a.index != "
            + "b.index)))",
    message =
        "names and indexes of repositories must be unique; s3Repositories and "
            + "sftpRepositories share one")
@ValidationRule(
    value =
        "!has(self.s3Repositories) || !has(self.volumeRepositories) || "
            + "self.s3Repositories.all(a, self.volumeRepositories.all(b, (!has(a.name) || "
            + "!has(b.name) || a.name != b.name) && (!has(a.index) || !has(b.index) || a.index != "
            + "b.index)))",
    message =
        "names and indexes of repositories must be unique; s3Repositories and "
            + "volumeRepositories share one")
@ValidationRule(
    value =
        "!has(self.azureRepositories) || !has(self.gcsRepositories) || "
            + "self.azureRepositories.all(a, self.gcsRepositories.all(b, (!has(a.name) || "
            + "!has(b.name) || a.name != b.name) && (!has(a.index) || !has(b.index) || a.index != "
            + "b.index)))",
    message =
        "names and indexes of repositories must be unique; azureRepositories and "
            + "gcsRepositories share one")
@ValidationRule(
    value =
        "!has(self.azureRepositories) || !has(self.sftpRepositories) || "
            + "self.azureRepositories.all(a, self.sftpRepositories.all(b, (!has(a.name) || "
            + "!has(b.name) || a.name != b.name) && (!has(a.index) || !has(b.index) || a.index != "
            + "b.index)))",
    message =
        "names and indexes of repositories must be unique; azureRepositories and "
            + "sftpRepositories share one")
@ValidationRule(
    value =
        "!has(self.azureRepositories) || !has(self.volumeRepositories) || "
            + "self.azureRepositories.all(a, self.volumeRepositories.all(b, (!has(a.name) || "
            + "!has(b.name) || a.name != b.name) && (!has(a.index) || !has(b.index) || a.index != "
            + "b.index)))",
    message =
        "names and indexes of repositories must be unique; azureRepositories and "
            + "volumeRepositories share one")
@ValidationRule(
    value =
        "!has(self.gcsRepositories) || !has(self.sftpRepositories) || "
            + "self.gcsRepositories.all(a, self.sftpRepositories.all(b, (!has(a.name) || "
            + "!has(b.name) || a.name != b.name) && (!has(a.index) || !has(b.index) || a.index != "
            + "b.index)))",
    message =
        "names and indexes of repositories must be unique; gcsRepositories and "
            + "sftpRepositories share one")
@ValidationRule(
    value =
        "!has(self.gcsRepositories) || !has(self.volumeRepositories) || "
            + "self.gcsRepositories.all(a, self.volumeRepositories.all(b, (!has(a.name) || "
            + "!has(b.name) || a.name != b.name) && (!has(a.index) || !has(b.index) || a.index != "
            + "b.index)))",
    message =
        "names and indexes of repositories must be unique; gcsRepositories and "
            + "volumeRepositories share one")
@ValidationRule(
    value =
        "!has(self.sftpRepositories) || !has(self.volumeRepositories) || "
            + "self.sftpRepositories.all(a, self.volumeRepositories.all(b, (!has(a.name) || "
            + "!has(b.name) || a.name != b.name) && (!has(a.index) || !has(b.index) || a.index != "
            + "b.index)))",
    message =
        "names and indexes of repositories must be unique; sftpRepositories and "
            + "volumeRepositories share one")
@ValidationRule(
    value =
        "!has(self.s3Repositories) || !has(oldSelf.s3Repositories) || "
            + "oldSelf.s3Repositories.all(o, self.s3Repositories.all(n, !(n.bucket == o.bucket && "
            + "n.endpoint == o.endpoint && n.repoPath == o.repoPath) || has(n.cipherConfig) == "
            + "has(o.cipherConfig)))",
    message =
        "encryption of a repository cannot be added or removed; give the changed entry of "
            + "s3Repositories another repoPath: it will be a new repository")
@ValidationRule(
    value =
        "!has(self.azureRepositories) || !has(oldSelf.azureRepositories) || "
            + "oldSelf.azureRepositories.all(o, self.azureRepositories.all(n, !(n.account == "
            + "o.account && n.container == o.container && n.repoPath == o.repoPath) || "
            + "has(n.cipherConfig) == has(o.cipherConfig)))",
    message =
        "encryption of a repository cannot be added or removed; give the changed entry of "
            + "azureRepositories another repoPath: it will be a new repository")
@ValidationRule(
    value =
        "!has(self.gcsRepositories) || !has(oldSelf.gcsRepositories) || "
            + "oldSelf.gcsRepositories.all(o, self.gcsRepositories.all(n, !(n.bucket == o.bucket &&"
            + " n.repoPath == o.repoPath) || has(n.cipherConfig) == has(o.cipherConfig)))",
    message =
        "encryption of a repository cannot be added or removed; give the changed entry of "
            + "gcsRepositories another repoPath: it will be a new repository")
@ValidationRule(
    value =
        "!has(self.sftpRepositories) || !has(oldSelf.sftpRepositories) || "
            + "oldSelf.sftpRepositories.all(o, self.sftpRepositories.all(n, !(n.host == o.host && "
            + "n.repoPath == o.repoPath) || has(n.cipherConfig) == has(o.cipherConfig)))",
    message =
        "encryption of a repository cannot be added or removed; give the changed entry of "
            + "sftpRepositories another repoPath: it will be a new repository")
@ValidationRule(
    value =
        "!has(self.volumeRepositories) || !has(oldSelf.volumeRepositories) || "
            + "oldSelf.volumeRepositories.all(o, self.volumeRepositories.all(n, !(n.claimName == "
            + "o.claimName && n.repoPath == o.repoPath) || has(n.cipherConfig) == "
            + "has(o.cipherConfig)))",
    message =
        "encryption of a repository cannot be added or removed; give the changed entry of "
            + "volumeRepositories another repoPath: it will be a new repository")
public record StanzaConfiguration(
    @JsonPropertyDescription("Name of the stanza in its repositories; one cluster writes to it.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[A-Za-z0-9_][A-Za-z0-9_.-]*$")
        String name,
    @JsonPropertyDescription("Repositories in S3 buckets.") @Size(max = 16)
        @Nullable List<S3Repository> s3Repositories,
    @JsonPropertyDescription("Repositories in Azure blob containers.") @Size(max = 16)
        @Nullable List<AzureRepository> azureRepositories,
    @JsonPropertyDescription("Repositories in Google Cloud Storage buckets.") @Size(max = 16)
        @Nullable List<GcsRepository> gcsRepositories,
    @JsonPropertyDescription("Repositories on SFTP servers.") @Size(max = 16)
        @Nullable List<SftpRepository> sftpRepositories,
    @JsonPropertyDescription("Repositories on volumes.") @Size(max = 16)
        @Nullable List<VolumeRepository> volumeRepositories,
    @JsonPropertyDescription("How WAL is archived and fetched.") @Nullable ArchiveConfig archive,
    @JsonPropertyDescription(
            "How many processes compress and transfer at once, for each command. Absent: as many as the "
                + "sidecar has CPUs for a restore and half as many for a backup, "
                + "16 at most; one for everything else. A memory limit of the sidecar "
                + "reduces them, to (limit - "
                + SidecarMemory.LEAST
                + ") / "
                + SidecarMemory.PROCESS
                + ". 0 is the same as absent.")
        @Min(0)
        @Max(999)
        @Nullable Integer processMax,
    @JsonPropertyDescription("How backups and WAL are compressed.")
        @Nullable CompressConfig compressConfig,
    @JsonPropertyDescription(
            "Whether a backup starts with an immediate checkpoint. Absent or false: it waits for "
                + "the next regular one, which takes minutes (checkpoint_timeout); true starts at once "
                + "at the price of more I/O.")
        @Nullable Boolean startFast,
    @JsonPropertyDescription(
            "Whether backups compare checksums instead of times and sizes: slower, safer.")
        @Nullable Boolean delta,
    @JsonPropertyDescription("How much pgBackRest says in the log of the sidecar.")
        @Nullable LogLevel logLevel,
    @JsonPropertyDescription(
            "Whether repositories are verified from time to time: every file read and compared with its "
                + "checksum, at the lowest priority, never while a backup runs. Absent: never.")
        @Nullable VerifyConfig verify,
    @JsonPropertyDescription(
            "Further options of pgBackRest by the names of its documentation, such as "
                + "\"repo1-bundle-size: 20MiB\", or for one command, such as \"archive-push:process-max: "
                + "4\". Refused for whatever a field sets, for secrets, and for what the plugin itself "
                + "decides.")
        @Size(max = 64)
        @Nullable Map<String, String> options,
    @JsonPropertyDescription(
            "Options of pgBackRest as PGBACKREST_* variables; kept for manifests of the Go "
                + "plugin. Use options instead.")
        @Size(max = 64)
        @Nullable Map<String, String> customEnvVar) {

  /// How many processes pgBackRest is told to use; the Go plugin left 0 out.
  public @Nullable Integer processes() {
    return processMax == null || processMax == 0 ? null : processMax;
  }
}
