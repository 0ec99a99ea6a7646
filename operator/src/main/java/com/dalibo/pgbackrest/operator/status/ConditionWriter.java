package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.ConditionType;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// Writes conditions of an object beside those of others. A version that has moved on meanwhile is
/// left for the next round.
public final class ConditionWriter {

  private static final Log LOG = Log.of(ConditionWriter.class);

  private final KubernetesClient client;

  public ConditionWriter(KubernetesClient client) {
    this.client = client;
  }

  /// A condition as it is written now; the time of its last change stays where there was none.
  public static StanzaCondition condition(
      Stanza stanza, ConditionType type, String status, Problem problem, String now) {
    return condition(StatusObject.of(stanza), type, status, problem, now);
  }

  /// The same for any object.
  public static StanzaCondition condition(
      StatusObject object, ConditionType type, String status, Problem problem, String now) {
    var since =
        object.conditions().stream()
            .filter(present -> present.is(type) && present.status().equals(status))
            .map(StanzaCondition::lastTransitionTime)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(now);
    return new StanzaCondition(
        type.word(),
        status,
        object.metadata().generation(),
        since,
        problem.reason().word(),
        problem.message());
  }

  /// Those that a Stanza has.
  public static List<StanzaCondition> conditions(Stanza stanza) {
    var status = stanza.status();
    return status == null ? List.of() : Objects.requireNonNullElse(status.conditions(), List.of());
  }

  /// Writes them in place of those of the same types.
  ///
  /// @param status what else is to be written there
  /// @return whether they are written; not where the Stanza is no longer as it was read
  public boolean write(Stanza stanza, List<StanzaCondition> wanted, ObjectNode status) {
    return write(StatusObject.of(stanza), wanted, status);
  }

  /// The same for any object.
  public boolean write(StatusObject object, List<StanzaCondition> wanted, ObjectNode status) {
    try {
      client
          .genericKubernetesResources(object.kind())
          .inNamespace(object.namespace())
          .withName(object.metadata().name())
          .subresource("status")
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch(object, wanted, status).toString());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        LOG.warning(
            "a condition was not written", kind(object), key(object), "cause", e.getMessage());
      }
      return false;
    }
    for (var condition : wanted) {
      LOG.info(
          "wrote a condition",
          kind(object),
          key(object),
          "type",
          condition.type(),
          "status",
          condition.status(),
          "message",
          condition.message());
    }
    return true;
  }

  private static String kind(StatusObject object) {
    return object.kind().getKind().toLowerCase(Locale.ROOT);
  }

  private static String key(StatusObject object) {
    return object.namespace() + "/" + object.metadata().name();
  }

  private static ObjectNode patch(
      StatusObject object, List<StanzaCondition> wanted, ObjectNode status) {
    var conditions = new ArrayList<>(object.conditions());
    var types = wanted.stream().map(StanzaCondition::type).toList();
    conditions.removeIf(condition -> types.contains(condition.type()));
    conditions.addAll(wanted);
    var list = JsonNodeFactory.instance.arrayNode();
    conditions.forEach(condition -> list.add(tree(condition)));
    var patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").put("resourceVersion", object.metadata().resourceVersion());
    patch.set("status", status.deepCopy().set("conditions", list));
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
