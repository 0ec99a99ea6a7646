package com.dalibo.pgbackrest.stanza.api.drill;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How far a run has come, and what it has shown.
public record RestoreDrillRunStatus(
    @JsonPropertyDescription("How far the run has come.") @Nullable Phase phase,
    @JsonPropertyDescription("Its result; absent while it is not known.") @Nullable Result result,
    @JsonPropertyDescription("Reason of the result, in one word, for programs.")
        @Nullable String reason,
    @JsonPropertyDescription("What the run waits for, or its result, in one sentence, for people.")
        @Nullable String message,
    @JsonPropertyDescription("When the result was known.") @Nullable String endTime,
    @JsonPropertyDescription("Name of the Cluster of the drill.") @Nullable String cluster,
    @JsonPropertyDescription("Its uid, once it is created.") @Nullable String clusterUid,
    @JsonPropertyDescription("Until when the Cluster of a failed run stays.")
        @Nullable String keptUntil,
    @JsonPropertyDescription("What was restored.") @Nullable Restored restored,
    @JsonPropertyDescription("When each step was done.") @Nullable Steps steps,
    @JsonPropertyDescription("How long each step took, in seconds.") @Nullable Durations seconds,
    @JsonPropertyDescription(
            "Seconds from the creation of the Cluster until it served: the measured RTO.")
        @Nullable Long rtoSeconds,
    @JsonPropertyDescription(
            "Seconds between the last commit found and the moment asked for; 0 if the recovery"
                + " came past that moment: the measured RPO.")
        @Nullable Long rpoSeconds,
    @JsonPropertyDescription("Answer of each check.") @Nullable List<CheckResult> checks,
    @JsonPropertyDescription("What was found in the pages.") @Nullable Pages pages,
    @JsonPropertyDescription("End of the log of a run that failed.") @Nullable List<String> log,
    @JsonPropertyDescription("Programs that took part.") @Nullable Versions versions) {

  /// How far a run has come.
  public enum Phase {
    /// Its Cluster is not created yet.
    @JsonProperty("Pending")
    PENDING,
    /// Its Cluster copies the backup and replays WAL.
    @JsonProperty("Restoring")
    RESTORING,
    /// Its Cluster serves, and is asked the checks.
    @JsonProperty("Checking")
    CHECKING,
    /// Its result is known, and its Cluster is kept or removed.
    @JsonProperty("Removing")
    REMOVING,
    /// Nothing of it is left but the run itself.
    @JsonProperty("Ended")
    ENDED;

    @Override
    public String toString() {
      return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
  }

  /// What came of a run.
  public enum Result {
    /// Restored, and every check was true.
    @JsonProperty("Succeeded")
    SUCCEEDED,
    /// Not restored, or a check was not true, or an objective was missed.
    @JsonProperty("Failed")
    FAILED,
    /// It did not take place, so that nothing is known of the backups.
    @JsonProperty("Missed")
    MISSED;

    @Override
    public String toString() {
      return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
  }

  /// What was restored.
  public record Restored(
      @JsonPropertyDescription("Label of the backup.") @Nullable String backup,
      @JsonPropertyDescription("Repository, its number and its name if it has one.")
          @Nullable String repository,
      @JsonPropertyDescription("Time of the last commit that was replayed.")
          @Nullable String lastCommitTime,
      @JsonPropertyDescription("Whether the recovery met WAL that is later than its target.")
          @Nullable Boolean pastTarget,
      @JsonPropertyDescription("Size of all databases, in bytes.") @Nullable Long size) {}

  /// When each step was done.
  public record Steps(
      @JsonPropertyDescription("The run was due.") @Nullable String scheduled,
      @JsonPropertyDescription("The run had room among those that take place at once.")
          @Nullable String admitted,
      @JsonPropertyDescription("The Cluster was created.") @Nullable String created,
      @JsonPropertyDescription("The pod that restores ran.") @Nullable String podStarted,
      @JsonPropertyDescription("The backup was copied.") @Nullable String copied,
      @JsonPropertyDescription("All WAL was replayed, and PostgreSQL ended the recovery.")
          @Nullable String promoted,
      @JsonPropertyDescription("The Cluster was ready to serve.") @Nullable String ready,
      @JsonPropertyDescription("The last check was answered.") @Nullable String checked,
      @JsonPropertyDescription("The Cluster was removed.") @Nullable String removed) {}

  /// How long each step took, in seconds.
  public record Durations(
      @JsonPropertyDescription("Until the pod that restores ran.") @Nullable Long start,
      @JsonPropertyDescription("Copy of the backup.") @Nullable Long copy,
      @JsonPropertyDescription("Replay of WAL.") @Nullable Long replay,
      @JsonPropertyDescription("Start of the Cluster on the recovered data.") @Nullable Long serve,
      @JsonPropertyDescription("Checks and pages.") @Nullable Long checks,
      @JsonPropertyDescription("Removal of the Cluster.") @Nullable Long removal) {}

  /// The answer of a check.
  public record CheckResult(
      @JsonPropertyDescription("Name of the check.") @Nullable String name,
      @JsonPropertyDescription("Whether it was true.") @Nullable Boolean passed,
      @JsonPropertyDescription("What it answered, or PostgreSQL's error, shortened.")
          @Nullable String answer) {}

  /// What was found in the pages.
  public record Pages(
      @JsonPropertyDescription("Whether all are sound.") @Nullable Boolean passed,
      @JsonPropertyDescription("Number of blocks that were read.") @Nullable Long read,
      @JsonPropertyDescription("Whether PostgreSQL has checksums to compare them with.")
          @Nullable Boolean checksums,
      @JsonPropertyDescription("What pg_amcheck or PostgreSQL reported, shortened.")
          @Nullable String answer) {}

  /// Programs that took part.
  public record Versions(
      @JsonPropertyDescription("PostgreSQL.") @Nullable String postgres,
      @JsonPropertyDescription("This plugin.") @Nullable String plugin) {}
}
