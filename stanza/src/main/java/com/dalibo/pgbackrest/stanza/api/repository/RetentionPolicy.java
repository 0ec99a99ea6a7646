package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/// How long a repository keeps backups and WAL.
@ValidationRule(
    value = "!has(self.fullType) || self.fullType != 'time' || has(self.full)",
    message = "fullType 'time' needs 'full': the number of days to keep; add full")
@ValidationRule(
    value = "!has(self.archiveType) || has(self.archive)",
    message =
        "archiveType needs 'archive': for how many backups to keep WAL; add archive or remove"
            + " archiveType")
public record RetentionPolicy(
    @JsonPropertyDescription(
            "How many full backups to keep, or for how many days when fullType is time. If "
                + "absent, backups are never expired.")
        @Min(1)
        @Max(9999999)
        @Nullable Integer full,
    @JsonPropertyDescription("Whether full counts backups (count) or days (time).")
        @Nullable FullType fullType,
    @JsonPropertyDescription("How many differential backups to keep.") @Min(1) @Max(9999999)
        @Nullable Integer diff,
    @JsonPropertyDescription(
            "For how many of the newest backups (of archiveType) to keep all WAL. Less than the "
                + "backups kept means that older ones can only be restored to their own end.")
        @Min(1)
        @Max(9999999)
        @Nullable Integer archive,
    @JsonPropertyDescription("Which backups archive counts.") @Nullable ArchiveType archiveType,
    @JsonPropertyDescription(
            "For how many days to keep the manifests of expired backups; 0 removes them with the "
                + "backup.")
        @Min(0)
        @Max(9999999)
        @Nullable Integer history) {
  /// What `full` counts.
  public enum FullType {
    /// Full backups.
    @JsonProperty("count")
    COUNT,
    /// Days.
    @JsonProperty("time")
    TIME
  }

  /// Which backups `archive` counts.
  public enum ArchiveType {
    /// Full ones.
    @JsonProperty("full")
    FULL,
    /// Full and differential ones.
    @JsonProperty("diff")
    DIFF,
    /// All.
    @JsonProperty("incr")
    INCR
  }
}
