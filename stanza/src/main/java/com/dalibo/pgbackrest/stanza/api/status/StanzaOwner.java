package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one cluster that writes to the stanza.
public record StanzaOwner(
    @JsonPropertyDescription("Name of the Cluster.") @Nullable String cluster,
    @JsonPropertyDescription("Its uid.") @Nullable String uid,
    @JsonPropertyDescription("Its system identifier in PostgreSQL.")
        @Nullable String systemIdentifier,
    @JsonPropertyDescription(
            "Places of its repositories in which no archive of another cluster was found, or an "
                + "accepted one.")
        @Nullable List<String> repositories) {

  public StanzaOwner withSystemIdentifier(long identifier) {
    return new StanzaOwner(cluster, uid, Long.toUnsignedString(identifier), repositories);
  }

  public StanzaOwner withRepositories(Collection<String> places) {
    return new StanzaOwner(cluster, uid, systemIdentifier, places.stream().sorted().toList());
  }
}
