package com.dalibo.pgbackrest.stanza.api.plan;

import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a restore would do, as the repositories were when the plan was made.
public record RestorePlanStatus(
    @JsonPropertyDescription("Generation of the RestorePlan that this status refers to.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Fingerprint of what was planned.") @Nullable String request,
    @JsonPropertyDescription("When the plan was made.") @Nullable String plannedTime,
    @JsonPropertyDescription("Possible: whether the restore would succeed, and if not, why.")
        @Nullable List<StanzaCondition> conditions,
    @JsonPropertyDescription("The backup from which the recovery starts.")
        @Nullable PlannedBackup backup,
    @JsonPropertyDescription("The WAL that is replayed.") @Nullable PlannedWal wal,
    @JsonPropertyDescription("The timelines that the recovery goes through, in this order.")
        @Nullable List<Integer> timelines,
    @JsonPropertyDescription("Where the recovery ends.") @Nullable End ends,
    @JsonPropertyDescription("How much is read and written.") @Nullable Volume bytes,
    @JsonPropertyDescription("Sizes that the volumes need at least.") @Nullable Volumes volumes,
    @JsonPropertyDescription("How long it takes, estimated.") @Nullable Estimate duration,
    @JsonPropertyDescription(
            "If the target cannot be reached, the nearest ones that can: times for targetTime, or "
                + "positions for targetLSN where the target is one.")
        @Nullable Nearest nearest,
    @JsonPropertyDescription("The Cluster that does it, ready for kubectl apply.")
        @Nullable String manifest) {

  /// A backup, and why it.
  public record PlannedBackup(
      @JsonPropertyDescription("Label of the backup.") @Nullable String label,
      @JsonPropertyDescription("full, diff or incr.") @Nullable String type,
      @JsonPropertyDescription("Number of the repository.") @Nullable Integer repository,
      @JsonPropertyDescription("Name of the repository.") @Nullable String repositoryName,
      @JsonPropertyDescription("When it started.") @Nullable String startTime,
      @JsonPropertyDescription("When it stopped.") @Nullable String stopTime,
      @JsonPropertyDescription("Major version of PostgreSQL.") @Nullable String postgresMajor,
      @JsonPropertyDescription("Tablespaces in the backup.") @Nullable List<String> tablespaces,
      @JsonPropertyDescription("Why this backup.") @Nullable String because,
      @JsonPropertyDescription("Why not each newer one, and what else was met; the first ten.")
          @Nullable List<String> passedOver) {}

  /// A range of WAL segments.
  public record PlannedWal(
      @JsonPropertyDescription("First segment.") @Nullable String first,
      @JsonPropertyDescription("Last segment that is needed, or the last before a gap.")
          @Nullable String last,
      @JsonPropertyDescription("Number of segments.") @Nullable Integer segments,
      @JsonPropertyDescription("Their size in bytes, as PostgreSQL has them.") @Nullable Long bytes,
      @JsonPropertyDescription(
              "Segments between the backup and the end of the archive that are in no repository; "
                  + "the first ten gaps.")
          @Nullable List<String> gaps) {}

  /// The end of a recovery.
  public record End(
      @JsonPropertyDescription("When the last transaction that is replayed ended, if known.")
          @Nullable String time,
      @JsonPropertyDescription("Position in the WAL, if known.") @Nullable String lsn,
      @JsonPropertyDescription("The timeline; the new Cluster begins the next one.")
          @Nullable Integer timeline) {}

  /// Amounts, in bytes.
  public record Volume(
      @JsonPropertyDescription("Read from the repository for the backup.") @Nullable Long read,
      @JsonPropertyDescription("Written for the backup: the size of the database.")
          @Nullable Long write,
      @JsonPropertyDescription("WAL that is replayed.") @Nullable Long wal) {}

  /// Sizes of volumes, as quantities.
  public record Volumes(
      @JsonPropertyDescription("The data; WAL too where it has no volume.") @Nullable String data,
      @JsonPropertyDescription("WAL, where it has a volume.") @Nullable String wal,
      @JsonPropertyDescription(
              "Each tablespace. How the database is spread over its tablespaces is not known "
                  + "before the restore, so each could be the largest.")
          @Nullable List<TablespaceVolume> tablespaces) {}

  /// A range.
  public record Estimate(
      @JsonPropertyDescription("At best, in seconds.") @Nullable Long shortestSeconds,
      @JsonPropertyDescription("At worst, in seconds.") @Nullable Long longestSeconds,
      @JsonPropertyDescription("What it rests on, and what is not in it.")
          @Nullable String basis) {}

  /// Targets that can be reached.
  public record Nearest(
      @JsonPropertyDescription("The last one before.") @Nullable String before,
      @JsonPropertyDescription("The first one after.") @Nullable String after) {}
}
