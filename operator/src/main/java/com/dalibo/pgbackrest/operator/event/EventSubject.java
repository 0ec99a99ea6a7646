package com.dalibo.pgbackrest.operator.event;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import org.jspecify.annotations.Nullable;

/// The object that an event is on.
public record EventSubject(
    String apiVersion, String kind, String namespace, String name, @Nullable String uid) {

  public static EventSubject of(Cluster cluster) {
    return new EventSubject(
        Cluster.API_VERSION, "Cluster", cluster.namespace(), cluster.name(), cluster.uid());
  }

  public static EventSubject of(Stanza stanza) {
    return new EventSubject(
        Stanza.API_VERSION,
        Stanza.KIND,
        stanza.namespace(),
        stanza.name(),
        stanza.metadata().uid());
  }

  public static EventSubject of(RestoreDrill drill) {
    return new EventSubject(
        Stanza.API_VERSION,
        RestoreDrill.KIND,
        drill.namespace(),
        drill.name(),
        drill.metadata().uid());
  }
}
