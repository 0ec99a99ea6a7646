package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.Entry;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.ConditionType;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/// Says in the condition `Valid` of each Stanza whether it can be used at all, even before a
/// Cluster refers to it, and in `Archiving` and `Ready` that its owner has left it or gives no sign
/// of life.
///
/// The sidecars write the other conditions of the same list; a version that has moved on meanwhile
/// is left for the next round, so that nothing of theirs is lost.
public final class OperatorConditions {

  private static final Log LOG = Log.of(OperatorConditions.class);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Inventory inventory;
  private final Validation validation;
  private final StanzaOwnerCheck ownerCheck;
  private final ClusterEvents events;
  private final Executor workers;

  /// @param workers look at several Stanzas at a time
  public OperatorConditions(
      KubernetesClient client,
      InstantSource clock,
      Inventory inventory,
      Validation validation,
      ClusterEvents events,
      Executor workers) {
    this.events = events;
    this.workers = workers;
    this.client = client;
    this.clock = clock;
    this.inventory = inventory;
    this.validation = validation;
    this.ownerCheck = new StanzaOwnerCheck(inventory);
  }

  public void write() {
    CompletableFuture.allOf(
            inventory.stanzas().entrySet().stream()
                .map(each -> CompletableFuture.runAsync(() -> write(each), workers))
                .toArray(CompletableFuture[]::new))
        .join();
  }

  private void write(Map.Entry<ObjectKey, Entry<Stanza>> each) {
    if (each.getValue() instanceof Entry.Understood<Stanza> readable) {
      write(each.getKey(), readable.object());
    }
  }

  private void write(ObjectKey key, Stanza stanza) {
    var wanted = wanted(stanza, clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    if (wanted.isEmpty()) {
      return;
    }
    try {
      client
          .genericKubernetesResources(STANZAS)
          .inNamespace(key.namespace())
          .withName(key.name())
          .subresource("status")
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch(stanza, wanted).toString());
      ownerCheck
          .owner(stanza)
          .ifPresent(cluster -> overdue(stanza).ifPresent(it -> events.warn(cluster, List.of(it))));
      for (var condition : wanted) {
        LOG.info(
            "wrote a condition",
            "stanza",
            key,
            "type",
            condition.type(),
            "status",
            condition.status(),
            "message",
            condition.message());
      }
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        LOG.warning("a condition was not written", "stanza", key, "cause", e.getMessage());
      }
    }
  }

  private static final ResourceDefinitionContext STANZAS =
      new ResourceDefinitionContext.Builder()
          .withGroup(Stanza.GROUP)
          .withVersion(Stanza.VERSION)
          .withKind(Stanza.KIND)
          .withPlural(Stanza.PLURAL)
          .withNamespaced(true)
          .build();

  /// The conditions to write: those that are not there like that already.
  List<StanzaCondition> wanted(Stanza stanza, String now) {
    var problems = validation.problems(stanza);
    var wanted = new ArrayList<StanzaCondition>();
    wanted.add(
        problems.isEmpty()
            ? condition(
                stanza,
                ConditionType.VALID,
                "True",
                new Problem(Reason.VALID, "the stanza can be used"),
                now)
            : condition(stanza, ConditionType.VALID, "False", together(problems), now));
    ownerCheck
        .of(stanza)
        .ifPresent(
            problem -> {
              for (var type : List.of(ConditionType.ARCHIVING, ConditionType.READY)) {
                wanted.add(condition(stanza, type, "False", problem, now));
              }
            });
    overdue(stanza)
        .ifPresent(
            problem -> {
              for (var type : List.of(ConditionType.ARCHIVING, ConditionType.READY)) {
                wanted.add(condition(stanza, type, "Unknown", problem, now));
              }
            });
    wanted.removeAll(conditions(stanza));
    return wanted;
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

  private static StanzaCondition condition(
      Stanza stanza, ConditionType type, String status, Problem problem, String now) {
    var since =
        conditions(stanza).stream()
            .filter(present -> present.is(type) && present.status().equals(status))
            .map(StanzaCondition::lastTransitionTime)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(now);
    return new StanzaCondition(
        type.word(),
        status,
        stanza.metadata().generation(),
        since,
        problem.reason().word(),
        problem.message());
  }

  private static List<StanzaCondition> conditions(Stanza stanza) {
    var status = stanza.status();
    return status == null ? List.of() : Objects.requireNonNullElse(status.conditions(), List.of());
  }

  private static ObjectNode patch(Stanza stanza, List<StanzaCondition> wanted) {
    var conditions = new ArrayList<>(conditions(stanza));
    var types = wanted.stream().map(StanzaCondition::type).toList();
    conditions.removeIf(condition -> types.contains(condition.type()));
    conditions.addAll(wanted);
    var list = JsonNodeFactory.instance.arrayNode();
    conditions.forEach(condition -> list.add(tree(condition)));
    var patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").put("resourceVersion", stanza.metadata().resourceVersion());
    patch.putObject("status").set("conditions", list);
    return patch;
  }

  private static ObjectNode tree(StanzaCondition condition) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", condition.type())
        .put("status", condition.status())
        .put("observedGeneration", condition.observedGeneration())
        .put("lastTransitionTime", condition.lastTransitionTime())
        .put("reason", condition.reason())
        .put("message", condition.message());
  }
}
