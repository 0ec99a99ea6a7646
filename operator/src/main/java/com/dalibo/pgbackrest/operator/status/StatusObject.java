package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.stanza.api.Metadata;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlan;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Objects;

/// An object in whose status conditions are written, as it was read.
public record StatusObject(
    ResourceDefinitionContext kind,
    String namespace,
    Metadata metadata,
    List<StanzaCondition> conditions) {

  static StatusObject of(Stanza stanza) {
    return new StatusObject(
        Kinds.STANZAS, stanza.namespace(), stanza.metadata(), ConditionWriter.conditions(stanza));
  }

  public static StatusObject of(RestorePlan plan) {
    var status = plan.status();
    return new StatusObject(
        Kinds.RESTORE_PLANS,
        plan.namespace(),
        plan.metadata(),
        status == null ? List.of() : Objects.requireNonNullElse(status.conditions(), List.of()));
  }
}
