package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of one repository; an unreachable one keeps what was known.
public record RepositoryStatus(
    @JsonPropertyDescription("Name given in the spec.") @Nullable String name,
    @JsonPropertyDescription("Number in pgBackRest.") @Nullable Integer index,
    @JsonPropertyDescription("s3, azure, gcs, sftp, posix or cifs.") @Nullable String type,
    @JsonPropertyDescription("Location of the repository.") @Nullable String location,
    @JsonPropertyDescription("Status code of pgBackRest; 0 is ok.") @Nullable Integer code,
    @JsonPropertyDescription("Status in words.") @Nullable String message,
    @JsonPropertyDescription("Cipher in use.") @Nullable String cipher,
    @JsonPropertyDescription("Whether the stanza exists in the repository.")
        @Nullable Boolean stanzaCreated,
    @JsonPropertyDescription("Number of its backups.") @Nullable BackupsCount backupsCount,
    @JsonPropertyDescription("Its oldest backup.") @Nullable BackupSummary firstBackup,
    @JsonPropertyDescription("Its newest backup.") @Nullable BackupSummary lastBackup,
    @JsonPropertyDescription("Its oldest WAL segment.") @Nullable String archiveMin,
    @JsonPropertyDescription("Its newest WAL segment.") @Nullable String archiveMax,
    @JsonPropertyDescription("Total size of its backups, in bytes.") @Nullable Long size,
    @JsonPropertyDescription(
            "Earliest time from which it can restore to any time: the end of its oldest backup "
                + "after which no WAL is missing.")
        @Nullable String earliestRestorableTime,
    @JsonPropertyDescription("Latest time to which it can restore.")
        @Nullable String latestRestorableTime,
    @JsonPropertyDescription(
            "Ranges of WAL segments that are missing although retention keeps them.")
        @Nullable List<String> walGaps,
    @JsonPropertyDescription("Last verification.") @Nullable VerifyStatus lastVerify,
    @JsonPropertyDescription("The backup that is being written to it, once its files are listed.")
        @Nullable RunningBackupStatus runningBackup,
    @JsonPropertyDescription(
            "What the next backup will expire because retentionPolicy was edited; absent afterwards.")
        @Nullable ExpirationStatus willExpire) {

  /// pgBackRest's status code `other`: the repository could not be read.
  private static final int OTHER = 99;

  /// Whether it answered when it was asked last.
  @JsonIgnore
  public boolean isReachable() {
    return code != null && code != OTHER;
  }

  /// How people call it: its number, and its name if it has one.
  public String label() {
    return name == null ? String.valueOf(index) : "%d (%s)".formatted(index, name);
  }
}
