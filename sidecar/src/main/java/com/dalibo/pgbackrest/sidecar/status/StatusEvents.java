package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.ConditionType;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a person should hear of when one status follows another.
record StatusEvents(Severity severity, Reason reason, String message) {
  private static final int NAMED = 10;

  /// The two types of a Kubernetes event.
  enum Severity {
    NORMAL,
    WARNING
  }

  static List<StatusEvents> between(Stanza before, StanzaStatus after) {
    var events = new ArrayList<StatusEvents>();
    newStanzas(before, after).forEach(events::add);
    turn(before, after, ConditionType.REPOSITORIES_REACHABLE, StanzaReason.REPOSITORY_REACHABLE)
        .ifPresent(events::add);
    turn(before, after, ConditionType.ARCHIVING, StanzaReason.ARCHIVING_RECOVERED)
        .ifPresent(events::add);
    turn(before, after, ConditionType.VERIFIED, StanzaReason.VERIFY_RECOVERED)
        .ifPresent(events::add);
    gaps(before, after).ifPresent(events::add);
    expirations(before, after).forEach(events::add);
    return List.copyOf(events);
  }

  /// The same for those who look at the Cluster.
  StatusEvents onCluster(Stanza stanza) {
    return new StatusEvents(severity, reason, "stanza '%s': %s".formatted(stanza.name(), message));
  }

  /// Bad news under the condition's own reason, good news only after bad.
  private static Optional<StatusEvents> turn(
      Stanza before, StanzaStatus after, ConditionType type, Reason recovered) {
    var old = condition(before.status(), type);
    var now = condition(after, type);
    if (now.isEmpty()) {
      return Optional.empty();
    }
    var was = old.map(StanzaCondition::status).orElse("Unknown");
    var reason = now.flatMap(StatusEvents::reason);
    var message = Objects.requireNonNullElse(now.get().message(), "");
    if (now.get().status().equals("False")) {
      var alreadyReported = was.equals("False") && old.flatMap(StatusEvents::reason).equals(reason);
      return alreadyReported
          ? Optional.empty()
          : reason.map(word -> new StatusEvents(Severity.WARNING, word, message));
    }
    return was.equals("False") && now.get().status().equals("True")
        ? Optional.of(new StatusEvents(Severity.NORMAL, recovered, message))
        : Optional.empty();
  }

  /// None where another version wrote it.
  private static Optional<Reason> reason(StanzaCondition condition) {
    return Optional.ofNullable(condition.reason()).flatMap(Reason::of);
  }

  private static List<StatusEvents> newStanzas(Stanza before, StanzaStatus after) {
    return repositories(after).stream()
        .filter(repository -> Boolean.TRUE.equals(repository.stanzaCreated()))
        .filter(repository -> !wasCreated(before.status(), repository))
        .map(
            repository ->
                new StatusEvents(
                    Severity.NORMAL,
                    StanzaReason.STANZA_CREATED,
                    "the stanza '%s' is in repository %d: %s"
                        .formatted(before.stanzaName(), repository.index(), repository.location())))
        .toList();
  }

  private static boolean wasCreated(@Nullable StanzaStatus before, RepositoryStatus repository) {
    return before != null
        && repositories(before).stream()
            .anyMatch(
                known ->
                    Objects.equals(known.index(), repository.index())
                        && Objects.equals(known.location(), repository.location())
                        && Boolean.TRUE.equals(known.stanzaCreated()));
  }

  private static Optional<StatusEvents> gaps(Stanza before, StanzaStatus after) {
    var known = before.status() == null ? List.of() : gaps(before.status());
    return gaps(after).stream()
        .filter(gap -> !known.contains(gap))
        .findFirst()
        .map(
            gap ->
                new StatusEvents(
                    Severity.WARNING,
                    StanzaReason.WAL_GAP,
                    gap + ", and recovery cannot pass it: take a new backup"));
  }

  private static List<String> gaps(StanzaStatus status) {
    return repositories(status).stream()
        .flatMap(
            repository ->
                Objects.requireNonNullElse(repository.walGaps(), List.<String>of()).stream()
                    .map(gap -> "repository %d lacks WAL %s".formatted(repository.index(), gap)))
        .toList();
  }

  /// What is told once is not told again where only a part of it is left.
  private static List<StatusEvents> expirations(Stanza before, StanzaStatus after) {
    var alreadyReported = before.status() == null ? List.<String>of() : expiring(before.status());
    return repositories(after).stream()
        .filter(repository -> !alreadyReported.containsAll(expiring(repository)))
        .map(
            repository ->
                new StatusEvents(
                    Severity.WARNING,
                    StanzaReason.RETENTION_WILL_EXPIRE,
                    "the next backup into repository %d removes %s because its retentionPolicy was edited; to keep them, revert it before then"
                        .formatted(repository.index(), what(repository))))
        .toList();
  }

  private static List<String> expiring(StanzaStatus status) {
    return repositories(status).stream()
        .flatMap(repository -> expiring(repository).stream())
        .toList();
  }

  private static List<String> expiring(RepositoryStatus repository) {
    var expiration = repository.willExpire();
    if (expiration == null) {
      return List.of();
    }
    return Stream.concat(
            orEmpty(expiration.backups()).stream(), orEmpty(expiration.archives()).stream())
        .map(what -> repository.index() + " " + what)
        .toList();
  }

  /// `backups A, B and WAL X to Y`
  private static String what(RepositoryStatus repository) {
    var expiration = repository.willExpire();
    if (expiration == null) {
      return "nothing";
    }
    return Stream.of(
            list("backup", orEmpty(expiration.backups())),
            list("WAL", orEmpty(expiration.archives())))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(" and "));
  }

  private static String list(String noun, List<String> all) {
    if (all.isEmpty()) {
      return "";
    }
    var more = all.size() > NAMED ? " and %d more".formatted(all.size() - NAMED) : "";
    return all.stream().limit(NAMED).collect(Collectors.joining(", ", noun + " ", more));
  }

  private static List<String> orEmpty(@Nullable List<String> list) {
    return Objects.requireNonNullElse(list, List.of());
  }

  private static List<RepositoryStatus> repositories(StanzaStatus status) {
    return Objects.requireNonNullElse(status.repositories(), List.of());
  }

  private static Optional<StanzaCondition> condition(
      @Nullable StanzaStatus status, ConditionType type) {
    return Optional.ofNullable(status).map(StanzaStatus::conditions).orElse(List.of()).stream()
        .filter(condition -> condition.is(type))
        .findFirst();
  }
}
