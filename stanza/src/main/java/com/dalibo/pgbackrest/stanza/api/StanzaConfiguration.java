package com.dalibo.pgbackrest.stanza.api;

import com.dalibo.pgbackrest.stanza.api.repository.AzureRepository;
import com.dalibo.pgbackrest.stanza.api.repository.GcsRepository;
import com.dalibo.pgbackrest.stanza.api.repository.RepositorySpec;
import com.dalibo.pgbackrest.stanza.api.repository.S3Repository;
import com.dalibo.pgbackrest.stanza.api.repository.SftpRepository;
import com.dalibo.pgbackrest.stanza.api.repository.VolumeRepository;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Configuration of pgBackRest: the stanza, its repositories and its settings.
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
            "How many processes compress and transfer files in parallel, for each command. Absent: as many as the "
                + "sidecar has CPUs for a restore and half as many for a backup, "
                + "16 at most; one for everything else. A memory limit of the sidecar "
                + "reduces them, to (limit - "
                + SidecarMemory.LEAST
                + ") / "
                + SidecarMemory.PROCESS
                + ", for a backup to (limit - "
                + SidecarMemory.LEAST
                + ") / "
                + SidecarMemory.BACKUP_PROCESS
                + ". 0 is the same as absent.")
        @Min(0)
        @Max(999)
        @Nullable Integer processMax,
    @JsonPropertyDescription("How backups and WAL are compressed.")
        @Nullable CompressConfig compressConfig,
    @JsonPropertyDescription(
            "Whether a backup starts with an immediate checkpoint. Absent or false: it waits for "
                + "the next regular one, which takes minutes (checkpoint_timeout); true starts it "
                + "immediately at the cost of more I/O.")
        @Nullable Boolean startFast,
    @JsonPropertyDescription(
            "Whether backups compare checksums instead of times and sizes: slower, safer.")
        @Nullable Boolean delta,
    @JsonPropertyDescription("Log level of pgBackRest, as written to the sidecar's log.")
        @Nullable LogLevel logLevel,
    @JsonPropertyDescription(
            "Whether repositories are verified regularly: every file is read and compared with "
                + "its checksum, at the lowest priority, never while a backup runs. Absent: never.")
        @Nullable VerifyConfig verify,
    @JsonPropertyDescription(
            "Further options of pgBackRest by the names of its documentation, such as "
                + "\"repo1-bundle-size: 20MiB\", or for one command, such as \"archive-push:process-max: "
                + "4\". Options that a field sets, that are secret, or that the plugin sets "
                + "itself are refused.")
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

  /// The lists of repositories in the order in which repositories are numbered. The rules of the
  /// schema that concern repositories are generated from this table.
  @SuppressWarnings("ImmutableEnumChecker")
  public enum RepositoryList {
    /// Buckets in S3.
    S3(StanzaConfiguration::s3Repositories, "s3Repositories", "bucket", "endpoint"),
    /// Containers in Azure.
    AZURE(StanzaConfiguration::azureRepositories, "azureRepositories", "account", "container"),
    /// Buckets in Google Cloud Storage.
    GCS(StanzaConfiguration::gcsRepositories, "gcsRepositories", "bucket"),
    /// SFTP servers.
    SFTP(StanzaConfiguration::sftpRepositories, "sftpRepositories", "host"),
    /// Volumes.
    VOLUME(StanzaConfiguration::volumeRepositories, "volumeRepositories", "claimName");

    private final Function<StanzaConfiguration, @Nullable List<? extends RepositorySpec>> content;
    private final String field;
    private final List<String> place;

    RepositoryList(
        Function<StanzaConfiguration, @Nullable List<? extends RepositorySpec>> content,
        String field,
        String... place) {
      this.content = content;
      this.field = field;
      this.place = List.of(place);
    }

    /// The repositories that a configuration has in this list.
    public List<? extends RepositorySpec> of(StanzaConfiguration configuration) {
      var repositories = content.apply(configuration);
      return repositories == null ? List.of() : repositories;
    }

    /// The field that holds the list.
    public String field() {
      return field;
    }

    /// The fields that, with `repoPath`, make two entries the same repository.
    public List<String> place() {
      return place;
    }
  }
}
