package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import com.dalibo.pgbackrest.sidecar.kubernetes.ObjectReference;
import com.dalibo.pgbackrest.sidecar.kubernetes.StanzaClient;
import com.dalibo.pgbackrest.stanza.api.ApiWriter;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.api.status.InspectionStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/// Writes what was found into `status` of a Stanza, on condition that it is still as it was read:
/// the operator and the archiver write there too.
public final class StatusWriter {
  private final StanzaClient stanzas;
  private final Events events;

  public StatusWriter(StanzaClient stanzas, Events events) {
    this.stanzas = stanzas;
    this.events = events;
  }

  /// Writes all but the owner, and tells what is new in it.
  ///
  /// @return whether it is written; not where somebody else has written meanwhile, and what was
  ///   found has to be judged again
  boolean write(Cluster cluster, Stanza stanza, StanzaStatus status)
      throws KubernetesException, InterruptedException {
    var patch = ApiWriter.mergePatch(status);
    patch.remove("owner");
    if (!send(stanza, patch)) {
      return false;
    }
    for (var event : StatusEvents.between(stanza, status)) {
      report(ObjectReference.of(cluster, stanza), event);
      report(ObjectReference.of(cluster), event.onCluster(stanza));
    }
    return true;
  }

  /// Writes what an inspection found, and tells what is new in it. Whose the archive was stays.
  ///
  /// @return whether it is written; not where somebody else has written meanwhile
  boolean writeInspection(Stanza stanza, StanzaStatus status, InspectionStatus inspection)
      throws KubernetesException, InterruptedException {
    var patch = ApiWriter.mergePatch(status);
    patch.remove("owner");
    patch.addProperty("observedTime", inspection.time());
    patch.add("inspection", ApiWriter.mergePatch(inspection));
    if (!send(stanza, patch)) {
      return false;
    }
    // The stanza was there before anybody looked.
    StatusEvents.between(stanza, status).stream()
        .filter(news -> news.reason() != StanzaReason.STANZA_CREATED)
        .forEach(news -> report(ObjectReference.of(stanza), news));
    return true;
  }

  /// Only the conditions of an inspection that got no answer.
  boolean writeInspection(
      Stanza stanza, List<StanzaCondition> conditions, InspectionStatus inspection)
      throws KubernetesException, InterruptedException {
    var patch = conditions(conditions);
    patch.add("inspection", ApiWriter.mergePatch(inspection));
    return send(stanza, patch);
  }

  /// Only the conditions; what is known of the repositories stays.
  boolean writeConditions(Stanza stanza, List<StanzaCondition> conditions)
      throws KubernetesException, InterruptedException {
    return send(stanza, conditions(conditions));
  }

  private static JsonObject conditions(List<StanzaCondition> conditions) {
    var list = new JsonArray();
    conditions.forEach(condition -> list.add(ApiWriter.mergePatch(condition)));
    var patch = new JsonObject();
    patch.add("conditions", list);
    return patch;
  }

  private boolean send(Stanza stanza, JsonObject status)
      throws KubernetesException, InterruptedException {
    try {
      stanzas.patchStatus(stanza, status);
      return true;
    } catch (KubernetesException refusal) {
      if (refusal.conflict()) {
        return false;
      }
      throw refusal;
    }
  }

  private void report(ObjectReference about, StatusEvents event) {
    switch (event.severity()) {
      case NORMAL -> events.normal(about, event.reason(), event.message());
      case WARNING -> events.warning(about, event.reason(), event.message());
    }
  }
}
