package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.Cluster;
import com.dalibo.pgbackrest.stanza.ApiWriter;
import com.dalibo.pgbackrest.stanza.Stanza;
import com.dalibo.pgbackrest.stanza.StanzaCondition;
import com.dalibo.pgbackrest.stanza.StanzaStatus;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/// Writes what was found into `status` of a Stanza, on condition that it is still as it was read:
/// the operator and the archiver write there too.
final class StanzaStatusWriter {
  private final KubernetesStanzas stanzas;
  private final Events events;

  StanzaStatusWriter(KubernetesStanzas stanzas, Events events) {
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
    for (var news : StatusNews.between(stanza, status)) {
      tell(KubernetesObject.of(cluster, stanza), news);
      tell(KubernetesObject.of(cluster), news.onCluster(stanza));
    }
    return true;
  }

  /// Only that the Stanza cannot be used; what is known of its repositories stays.
  boolean writeUnusable(Stanza stanza, List<StanzaCondition> conditions)
      throws KubernetesException, InterruptedException {
    var list = new JsonArray();
    conditions.forEach(condition -> list.add(ApiWriter.mergePatch(condition)));
    var patch = new JsonObject();
    patch.add("conditions", list);
    return send(stanza, patch);
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

  private void tell(KubernetesObject about, StatusNews news) {
    switch (news.severity()) {
      case NORMAL -> events.normal(about, news.reason(), news.message());
      case WARNING -> events.warning(about, news.reason(), news.message());
    }
  }
}
