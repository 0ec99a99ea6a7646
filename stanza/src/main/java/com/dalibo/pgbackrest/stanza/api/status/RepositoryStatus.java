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
    @JsonPropertyDescription("Where it is.") @Nullable String location,
    @JsonPropertyDescription("Status code of pgBackRest; 0 is good.") @Nullable Integer code,
    @JsonPropertyDescription("Status in words.") @Nullable String message,
    @JsonPropertyDescription("Cipher in use.") @Nullable String cipher,
    @JsonPropertyDescription("Whether the stanza exists there.") @Nullable Boolean stanzaCreated,
    @JsonPropertyDescription("How many backups it holds.") @Nullable BackupsCount backupsCount,
    @JsonPropertyDescription("Its oldest backup.") @Nullable BackupSummary firstBackup,
    @JsonPropertyDescription("Its newest backup.") @Nullable BackupSummary lastBackup,
    @JsonPropertyDescription("Its oldest WAL segment.") @Nullable String archiveMin,
    @JsonPropertyDescription("Its newest WAL segment.") @Nullable String archiveMax,
    @JsonPropertyDescription("Bytes its backups occupy.") @Nullable Long size,
    @JsonPropertyDescription(
            "Since when it can restore to any time: the end of its oldest backup after which no WAL is "
                + "lacking.")
        @Nullable String earliestRestorableTime,
    @JsonPropertyDescription("Latest time to which it can restore.")
        @Nullable String latestRestorableTime,
    @JsonPropertyDescription("Ranges of WAL segments that are missing though retention keeps them.")
        @Nullable List<String> walGaps,
    @JsonPropertyDescription("Last verification.") @Nullable VerifyStatus lastVerify,
    @JsonPropertyDescription("The backup that runs into it, once its files are listed.")
        @Nullable RunningBackupStatus runningBackup,
    @JsonPropertyDescription(
            "What the next backup will remove because the retentionPolicy was edited; gone when it has.")
        @Nullable ExpirationStatus willExpire) {

  /// pgBackRest's status code `other`: the repository could not be read.
  private static final int OTHER = 99;

  /// Whether it answered when it was asked last.
  @JsonIgnore
  public boolean isReachable() {
    return code != null && code != OTHER;
  }
}
