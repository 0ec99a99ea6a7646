package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.Entry;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.ConditionType;
import com.dalibo.pgbackrest.stanza.api.reason.SpecReason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Says in the condition `Valid` of each Stanza whether it can be used at all, even before a
/// Cluster refers to it, and in `Archiving` and `Ready` that its owner has left it or gives no sign
/// of life.
///
/// The sidecars write the other conditions of the same list; a version that has moved on meanwhile
/// is left for the next round, so that nothing of theirs is lost.
public final class OperatorConditions {

  private static final Log LOG = Log.of(OperatorConditions.class);

  private final ConditionWriter writer;
  private final InstantSource clock;
  private final Inventory inventory;
  private final Function<Stanza, Optional<List<Problem>>> validation;
  private final StanzaOwnerCheck ownerCheck;
  private final ClusterEvents events;
  private final Consumer<Collection<Runnable>> workers;

  /// @param validation the problems of a Stanza; empty where they cannot be determined now, and
  ///   what was written before stays
  /// @param workers look at several Stanzas at a time
  public OperatorConditions(
      KubernetesClient client,
      InstantSource clock,
      Inventory inventory,
      Function<Stanza, Optional<List<Problem>>> validation,
      ClusterEvents events,
      Consumer<Collection<Runnable>> workers) {
    this.events = events;
    this.workers = workers;
    this.writer = new ConditionWriter(client);
    this.clock = clock;
    this.inventory = inventory;
    this.validation = validation;
    this.ownerCheck = new StanzaOwnerCheck(inventory);
  }

  public void write() {
    workers.accept(
        inventory.stanzas().entrySet().stream().<Runnable>map(each -> () -> write(each)).toList());
  }

  private void write(Map.Entry<ObjectKey, Entry<Stanza>> each) {
    if (each.getValue() instanceof Entry.Understood<Stanza> readable) {
      try {
        write(readable.object());
      } catch (RuntimeException e) {
        // One that cannot be judged does not keep those of others waiting.
        LOG.error("a Stanza cannot be judged", e, "stanza", each.getKey());
      }
    }
  }

  private void write(Stanza stanza) {
    var wanted = wanted(stanza, clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    if (wanted.isEmpty()) {
      return;
    }
    if (writer.write(stanza, wanted, JsonNodeFactory.instance.objectNode())) {
      ownerCheck
          .owner(stanza)
          .ifPresent(cluster -> overdue(stanza).ifPresent(it -> events.warn(cluster, List.of(it))));
    }
  }

  /// The conditions to write: those that are not there like that already.
  List<StanzaCondition> wanted(Stanza stanza, String now) {
    var wanted = new ArrayList<StanzaCondition>();
    validation.apply(stanza).map(problems -> valid(stanza, problems, now)).ifPresent(wanted::add);
    ownerCheck
        .of(stanza)
        .ifPresent(
            problem -> {
              for (var type : List.of(ConditionType.ARCHIVING, ConditionType.READY)) {
                wanted.add(ConditionWriter.condition(stanza, type, "False", problem, now));
              }
            });
    overdue(stanza)
        .ifPresent(
            problem -> {
              for (var type : List.of(ConditionType.ARCHIVING, ConditionType.READY)) {
                wanted.add(ConditionWriter.condition(stanza, type, "Unknown", problem, now));
              }
            });
    wanted.removeAll(ConditionWriter.conditions(stanza));
    return wanted;
  }

  private static StanzaCondition valid(Stanza stanza, List<Problem> problems, String now) {
    return problems.isEmpty()
        ? ConditionWriter.condition(
            stanza,
            ConditionType.VALID,
            "True",
            new Problem(SpecReason.VALID, "the stanza can be used"),
            now)
        : ConditionWriter.condition(stanza, ConditionType.VALID, "False", together(problems), now);
  }

  private Optional<Problem> overdue(Stanza stanza) {
    return ownerCheck.of(stanza).isPresent()
        ? Optional.empty()
        : ownerCheck
            .owner(stanza)
            .flatMap(cluster -> StatusAge.of(stanza, cluster, clock.instant()));
  }

  private static Problem together(List<Problem> problems) {
    return new Problem(
        problems.getFirst().reason(),
        problems.stream().map(Problem::message).collect(Collectors.joining("; ")));
  }
}
