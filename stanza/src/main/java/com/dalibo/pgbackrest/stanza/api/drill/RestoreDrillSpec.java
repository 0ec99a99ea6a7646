package com.dalibo.pgbackrest.stanza.api.drill;

import com.dalibo.pgbackrest.stanza.api.RecoveryTarget;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the user wants to be tried.
public record RestoreDrillSpec(
    @JsonPropertyDescription("Name of the Stanza, in the same namespace, that is restored.")
        @Required
        @Size(min = 1, max = 253)
        String stanzaRef,
    @JsonPropertyDescription(
            "When the drill is due, in the form of CNPG's ScheduledBackup: six fields, of which the"
                + " first is seconds, or a word such as @daily; in UTC unless it begins with"
                + " CRON_TZ=. Absent: once, at once.")
        @Size(min = 1, max = 200)
        @Nullable String schedule,
    @JsonPropertyDescription(
            "Repository that backup and WAL come from, by name or number, or each: all of them in"
                + " turn, one in each run. Absent: each.")
        @Size(min = 1, max = 63)
        @Nullable String repository,
    @JsonPropertyDescription("Where the recovery ends. Absent: at the end of the archived WAL.")
        @Nullable Target target,
    @JsonPropertyDescription("What differs from the Cluster that archives to the Stanza.")
        @Nullable DrillCluster cluster,
    @JsonPropertyDescription("What must be true in the restored databases.") @Size(max = 32)
        @Nullable List<Check> checks,
    @JsonPropertyDescription(
            "Whether all pages are read and checked: tables and B-tree indexes with pg_amcheck,"
                + " every block of every relation with its checksum. Absent: false.")
        @Nullable Boolean pages,
    @JsonPropertyDescription("Limits beyond which a drill has failed though the restore worked.")
        @Nullable Objectives objectives,
    @JsonPropertyDescription(
            "After it a run has failed. A time span such as 4h or 90m. Absent: 4h.")
        @Pattern(SPAN)
        @Nullable String timeout,
    @JsonPropertyDescription("How long the Clusters of drills stay.") @Nullable Keep keep,
    @JsonPropertyDescription("How many runs are kept.") @Nullable History history) {

  /// A time span, as [com.dalibo.pgbackrest.stanza.api.TimeSpan] reads it.
  static final String SPAN = "^([0-9]{1,5}h)?([0-9]{1,5}m)?([0-9]{1,5}s)?$";

  static final String QUANTITY = "^[0-9]+([.][0-9]+)?([KMGTPE]i?|k|m)?$";

  /// Where the recovery ends.
  @ValidationRule(
      value = "!(has(self.random) && has(self.recoveryTarget))",
      message = "give random or recoveryTarget, not both")
  public record Target(
      @JsonPropertyDescription("A moment that each run chooses, all of them equally likely.")
          @Nullable Random random,
      @JsonPropertyDescription("As in bootstrap.recovery of a Cluster.")
          @Nullable RecoveryTarget recoveryTarget) {}

  /// A moment that is chosen within the time to which the repository can restore.
  public record Random(
      @JsonPropertyDescription(
              "How far before the latest moment that can be restored, a time span such as 168h."
                  + " Absent: as far as the repository goes back.")
          @Pattern(SPAN)
          @Nullable String within) {}

  /// A question to a restored database.
  public record Check(
      @JsonPropertyDescription("Name of the check.")
          @Required
          @Size(min = 1, max = 63)
          @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
          String name,
      @JsonPropertyDescription("Database in which it is asked. Absent: app.")
          @Size(min = 1, max = 63)
          @Nullable String database,
      @JsonPropertyDescription(
              "A query whose first row has true in its first column; anything else fails the drill."
                  + " It runs as superuser in a read-only transaction.")
          @Required
          @Size(min = 1, max = 4096)
          String sql) {}

  /// Limits beyond which a drill has failed.
  public record Objectives(
      @JsonPropertyDescription(
              "Longest time from the creation of the Cluster until it serves, as a time span.")
          @Pattern(SPAN)
          @Nullable String rto,
      @JsonPropertyDescription(
              "Longest time between the last commit found and the moment asked for, as a time span.")
          @Pattern(SPAN)
          @Nullable String rpo) {}

  /// How long the Clusters of drills stay.
  public record Keep(
      @JsonPropertyDescription(
              "How long the Cluster of a failed run stays for a look, as a time span. Absent: it is"
                  + " removed at once.")
          @Pattern(SPAN)
          @Nullable String failed) {}

  /// How many runs are kept.
  public record History(
      @JsonPropertyDescription("Successful runs that are kept. Absent: 5.") @Min(1) @Max(1000)
          @Nullable Integer successful,
      @JsonPropertyDescription("Failed and missed runs that are kept. Absent: 5.")
          @Min(1)
          @Max(1000)
          @Nullable Integer failed) {}
}
