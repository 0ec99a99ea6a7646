package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/// A condition, as Kubernetes knows it.
public record StanzaCondition(
    @JsonPropertyDescription("Ready, RepositoriesReachable, Archiving, Valid or Verified.")
        @Required
        String type,
    @JsonPropertyDescription("True, False or Unknown.") @Required String status,
    @JsonPropertyDescription("Generation of the Stanza it speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("When status changed last.") @Nullable String lastTransitionTime,
    @JsonPropertyDescription("One word for programs.") @Nullable String reason,
    @JsonPropertyDescription("One sentence for people.") @Nullable String message) {

  /// Whether it is the condition of this type.
  public boolean is(ConditionType wanted) {
    return type.equals(wanted.word());
  }
}
