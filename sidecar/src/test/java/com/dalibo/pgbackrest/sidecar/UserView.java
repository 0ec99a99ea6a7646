package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// What people can read of a Stanza and in events.
record UserView(KubernetesApiServer api, String name) {
  /// Of the Stanza 'main'.
  UserView(KubernetesApiServer api) {
    this(api, "main");
  }

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

  /// Of a Stanza that has a status.
  StanzaStatus written() throws Exception {
    return status().orElseThrow();
  }

  private Optional<StanzaStatus> status() throws Exception {
    var stanza = Stanza.parse(api.get("stanzas", "default", name).orElseThrow());
    return Optional.ofNullable(stanza.status());
  }

  /// Waits for a condition.
  void await(String type, String status, String reason) throws Exception {
    try {
      Eventually.until(
          "%s is %s, %s".formatted(type, status, reason),
          () -> condition(type).equals(status + " " + reason));
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + " but " + status(), late);
    }
  }

  /// The events about objects of a kind: `Warning WALGap ...`.
  List<String> events(String kind) {
    return api.events().stream()
        .filter(
            event -> event.getAsJsonObject("involvedObject").get("kind").getAsString().equals(kind))
        .map(
            event ->
                "%s %s %s"
                    .formatted(text(event, "type"), text(event, "reason"), text(event, "message")))
        .toList();
  }

  private static String text(JsonObject event, String member) {
    return event.get(member).getAsString();
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
