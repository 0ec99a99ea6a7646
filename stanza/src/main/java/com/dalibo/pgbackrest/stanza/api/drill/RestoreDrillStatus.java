package com.dalibo.pgbackrest.stanza.api.drill;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of a drill.
public record RestoreDrillStatus(
    @JsonPropertyDescription("Generation of the RestoreDrill that this status refers to.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Proven and Missed.") @Nullable List<Condition> conditions,
    @JsonPropertyDescription("The newest run.") @Nullable LastRun lastRun,
    @JsonPropertyDescription("When the newest run that succeeded ended.")
        @Nullable String lastSuccessTime,
    @JsonPropertyDescription("When the drill was last due.") @Nullable String lastScheduleTime,
    @JsonPropertyDescription("When it is due next; absent without a schedule.")
        @Nullable String nextScheduleTime,
    @JsonPropertyDescription("Value of the annotation pgbackrest.dalibo.com/drill that was obeyed.")
        @Nullable String lastRequest,
    @JsonPropertyDescription("When it was last due and did not take place.")
        @Nullable String lastMissedTime,
    @JsonPropertyDescription("When the newest run was due that is among the counts.")
        @Nullable String countedUntil,
    @JsonPropertyDescription("Number of runs, by their result, since the drill was created.")
        @Nullable Counts counts) {

  /// A condition, as Kubernetes knows it.
  public record Condition(
      @JsonPropertyDescription("Proven or Missed.") @Required String type,
      @JsonPropertyDescription("True, False or Unknown.") @Required String status,
      @JsonPropertyDescription("Generation of the RestoreDrill that the condition refers to.")
          @Nullable Long observedGeneration,
      @JsonPropertyDescription("Time of the last change of status.")
          @Nullable String lastTransitionTime,
      @JsonPropertyDescription("Reason, in one word, for programs.") @Nullable String reason,
      @JsonPropertyDescription("Message, in one sentence, for people.") @Nullable String message) {}

  /// The newest run.
  public record LastRun(
      @JsonPropertyDescription("Name of the RestoreDrillRun.") @Nullable String name,
      @JsonPropertyDescription("Its phase.") RestoreDrillRunStatus.@Nullable Phase phase,
      @JsonPropertyDescription("Its result; absent while it runs.")
          RestoreDrillRunStatus.@Nullable Result result,
      @JsonPropertyDescription("When it ended.") @Nullable String endTime,
      @JsonPropertyDescription("Its message.") @Nullable String message) {}

  /// Number of runs by their result.
  public record Counts(
      @JsonPropertyDescription("Runs that succeeded.") @Nullable Integer successful,
      @JsonPropertyDescription("Runs that failed.") @Nullable Integer failed,
      @JsonPropertyDescription("Times at which the drill was due and did not take place.")
          @Nullable Integer missed) {}
}
