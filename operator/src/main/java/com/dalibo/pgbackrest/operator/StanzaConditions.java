package com.dalibo.pgbackrest.operator;

import com.dalibo.pgbackrest.stanza.Problem;
import com.dalibo.pgbackrest.stanza.Stanza;
import com.dalibo.pgbackrest.stanza.StanzaCondition;
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
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// Says in the condition `Valid` of each Stanza whether it can be used at all, even before a
/// Cluster refers to it.
///
/// The sidecars write the other conditions of the same list; a version that has moved on meanwhile
/// is left for the next round, so that nothing of theirs is lost.
final class StanzaConditions {

  static final String TYPE = "Valid";

  private static final Log LOG = Log.of(StanzaConditions.class);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Inventory inventory;
  private final Validation validation;

  StanzaConditions(
      KubernetesClient client, InstantSource clock, Inventory inventory, Validation validation) {
    this.client = client;
    this.clock = clock;
    this.inventory = inventory;
    this.validation = validation;
  }

  void write() {
    inventory
        .stanzas()
        .forEach(
            (key, entry) -> {
              if (entry instanceof Inventory.StanzaEntry.Understood readable) {
                write(key, readable.stanza());
              }
            });
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
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch(stanza, wanted.get()).toString());
      LOG.info(
          "wrote a condition",
          "stanza",
          key,
          "status",
          wanted.get().status(),
          "message",
          wanted.get().message());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        LOG.warning("a condition was not written", "stanza", key, "reason", e.getMessage());
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

  /// The condition to write, or nothing where it is there already.
  Optional<StanzaCondition> wanted(Stanza stanza, String now) {
    var problems = validation.problems(stanza);
    var present = present(stanza);
    var status = problems.isEmpty() ? "True" : "False";
    var since =
        present
            .filter(condition -> condition.status().equals(status))
            .map(StanzaCondition::lastTransitionTime)
            .orElse(now);
    var wanted =
        new StanzaCondition(
            TYPE,
            status,
            stanza.metadata().generation(),
            since,
            problems.isEmpty() ? "Valid" : problems.getFirst().reason(),
            problems.isEmpty()
                ? "the stanza can be used"
                : problems.stream().map(Problem::message).collect(Collectors.joining("; ")));
    return present.filter(wanted::equals).isPresent() ? Optional.empty() : Optional.of(wanted);
  }

  private static Optional<StanzaCondition> present(Stanza stanza) {
    return conditions(stanza).stream()
        .filter(condition -> condition.type().equals(TYPE))
        .findFirst();
  }

  private static List<StanzaCondition> conditions(Stanza stanza) {
    var status = stanza.status();
    return status == null ? List.of() : Objects.requireNonNullElse(status.conditions(), List.of());
  }

  private static ObjectNode patch(Stanza stanza, StanzaCondition wanted) {
    var conditions = new ArrayList<>(conditions(stanza));
    conditions.removeIf(condition -> condition.type().equals(TYPE));
    conditions.add(wanted);
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
