package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.ConditionType;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import java.util.List;
import java.util.Optional;

/// The conditions that the status of a Stanza has.
public record WrittenConditions(List<StanzaCondition> all) {
  public static WrittenConditions of(Stanza stanza) {
    return new WrittenConditions(
        Optional.ofNullable(stanza.status()).map(StanzaStatus::conditions).orElse(List.of()));
  }

  Optional<StanzaCondition> find(ConditionType type) {
    return all.stream().filter(condition -> condition.is(type)).findFirst();
  }

  public boolean isTrue(ConditionType type) {
    return find(type).filter(condition -> condition.status().equals("True")).isPresent();
  }
}
