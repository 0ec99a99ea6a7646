package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The backups in all repositories.
public record CatalogueStatus(
    @JsonPropertyDescription("The newest 50 backups, newest first.") @Nullable List<Entry> backups,
    @JsonPropertyDescription("Number of older backups, which are not listed.")
        @Nullable Integer older) {

  /// A backup in one repository.
  public record Entry(
      @JsonPropertyDescription("Label of the backup.") @Nullable String label,
      @JsonPropertyDescription("Number of the repository.") @Nullable Integer repository,
      @JsonPropertyDescription("full, diff or incr.") @Nullable String type,
      @JsonPropertyDescription("Label of the backup it builds on.") @Nullable String prior,
      @JsonPropertyDescription("When it started.") @Nullable String startTime,
      @JsonPropertyDescription("When it stopped.") @Nullable String stopTime,
      @JsonPropertyDescription("Size of the database, in bytes.") @Nullable Long size,
      @JsonPropertyDescription("Size of what it added to the repository, in bytes.")
          @Nullable Long repositorySize,
      @JsonPropertyDescription("Major version of PostgreSQL.") @Nullable String postgresVersion,
      @JsonPropertyDescription("Timeline on which it started.") @Nullable Integer timeline,
      @JsonPropertyDescription("WAL segments without which it cannot be restored.")
          BackupSummary.@Nullable Range archive,
      @JsonPropertyDescription("Whether it has pages with an invalid checksum.")
          @Nullable Boolean pageErrors,
      @JsonPropertyDescription("Its annotations in pgBackRest, the first ten, shortened.")
          @Nullable Map<String, String> annotations) {}
}
