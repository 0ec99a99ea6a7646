package com.dalibo.pgbackrest.stanza.api.status;

import com.dalibo.pgbackrest.stanza.api.reason.ConditionType;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/// A condition, as Kubernetes knows it.
public record StanzaCondition(
    @JsonPropertyDescription(
            "Ready, RepositoriesReachable, Archiving, Valid, Verified or Inspected; of a "
                + "RestorePlan Possible.")
        @Required
        String type,
    @JsonPropertyDescription("True, False or Unknown.") @Required String status,
    @JsonPropertyDescription("Generation of the object that the condition refers to.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Time of the last change of status.")
        @Nullable String lastTransitionTime,
    @JsonPropertyDescription("Reason, in one word, for programs.") @Nullable String reason,
    @JsonPropertyDescription("Message, in one sentence, for people.") @Nullable String message) {

  /// Whether it is the condition of this type.
  public boolean is(ConditionType wanted) {
    return type.equals(wanted.word());
  }
}
