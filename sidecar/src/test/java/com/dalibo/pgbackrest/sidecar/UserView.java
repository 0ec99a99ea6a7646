package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// What people can read of the Stanza 'main' and in events.
record UserView(KubernetesApiServer api) {

  /// `False VerifyFailed`; empty where there is no such condition.
  String condition(String type) throws Exception {
    return status().map(StanzaStatus::conditions).stream()
        .flatMap(List::stream)
        .filter(condition -> condition.type().equals(type))
        .map(condition -> condition.status() + " " + condition.reason())
        .findFirst()
        .orElse("");
  }

  String message(String type) throws Exception {
    return status().map(StanzaStatus::conditions).stream()
        .flatMap(List::stream)
        .filter(condition -> condition.type().equals(type))
        .map(condition -> String.valueOf(condition.message()))
        .findFirst()
        .orElse("");
  }

  Optional<RepositoryStatus> repository(int index) throws Exception {
    return status().map(StanzaStatus::repositories).stream()
        .flatMap(List::stream)
        .filter(repository -> Objects.equals(repository.index(), index))
        .findFirst();
  }

  private Optional<StanzaStatus> status() throws Exception {
    var stanza = Stanza.parse(api.get("stanzas", "default", "main").orElseThrow());
    return Optional.ofNullable(stanza.status());
  }

  /// The messages about objects of a kind for a reason.
  List<String> events(String kind, String reason) {
    return api.events().stream()
        .filter(event -> event.get("reason").getAsString().equals(reason))
        .filter(
            event -> event.getAsJsonObject("involvedObject").get("kind").getAsString().equals(kind))
        .flatMap(event -> Stream.of(event.get("message").getAsString()))
        .toList();
  }
}
