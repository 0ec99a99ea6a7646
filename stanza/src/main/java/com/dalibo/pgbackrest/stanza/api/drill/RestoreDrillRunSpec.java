package com.dalibo.pgbackrest.stanza.api.drill;

import com.dalibo.pgbackrest.stanza.api.RecoveryTarget;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one run is about, settled when it is created: a change of the drill has no effect on it.
public record RestoreDrillRunSpec(
    @JsonPropertyDescription("Name of the RestoreDrill.") @Required String drillRef,
    @JsonPropertyDescription("Name of the Stanza that is restored.") @Required String stanzaRef,
    @JsonPropertyDescription("When the run was due.") @Required String scheduledTime,
    @JsonPropertyDescription("Number of the repository that backup and WAL come from.")
        @Nullable Integer repository,
    @JsonPropertyDescription("Where the recovery ends. Absent: at the end of the archived WAL.")
        @Nullable RecoveryTarget recoveryTarget,
    @JsonPropertyDescription(
            "Moment against which the last commit found is measured: the target's, or the latest"
                + " one that the Stanza could restore when the run was created.")
        @Nullable String askedTime,
    @JsonPropertyDescription("What differs from the Cluster that archives to the Stanza.")
        @Nullable DrillCluster cluster,
    @JsonPropertyDescription("What must be true in the restored databases.")
        @Nullable List<RestoreDrillSpec.Check> checks,
    @JsonPropertyDescription("Whether all pages are read and checked.") @Nullable Boolean pages,
    @JsonPropertyDescription("Limits beyond which the run has failed.")
        RestoreDrillSpec.@Nullable Objectives objectives,
    @JsonPropertyDescription("After it the run has failed.") @Nullable String timeout,
    @JsonPropertyDescription("How long the Cluster stays if the run fails.")
        RestoreDrillSpec.@Nullable Keep keep) {}
