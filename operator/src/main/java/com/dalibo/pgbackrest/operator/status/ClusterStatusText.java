package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.inventory.Entry;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The line about a Cluster in the table 'Plugins status' of `kubectl cnpg status`: a JSON object,
/// short, and rounded so that it changes rarely, since each change makes CNPG reconcile the
/// Cluster.
public final class ClusterStatusText {

  /// As often as the sidecar asks its repositories.
  private static final Duration ROUNDING = Duration.ofMinutes(5);

  private final Inventory inventory;

  public ClusterStatusText(Inventory inventory) {
    this.inventory = inventory;
  }

  /// Whether the Cluster carries the text that it would be given now.
  public boolean isCurrent(Cluster cluster) {
    var carried = cluster.pluginStatus();
    try {
      return carried.isPresent() && carried.equals(of(cluster));
    } catch (InvalidStanzaException _) {
      return false;
    }
  }

  /// Empty where there is nothing to say: the Cluster does not archive here, or not all Stanzas are
  /// read.
  public Optional<String> of(Cluster cluster) throws InvalidStanzaException {
    var reference = StanzaReferences.of(cluster).find(StanzaPurpose.ARCHIVE);
    if (reference.isEmpty() || !inventory.isComplete()) {
      return Optional.empty();
    }
    var name = reference.get().stanzaName();
    var text = JsonNodeFactory.instance.objectNode().put("stanza", name);
    var entry = inventory.stanza(new ObjectKey(cluster.namespace(), name));
    if (entry.isEmpty()) {
      text.put("problem", "there is no such Stanza; create it");
    } else {
      switch (entry.get()) {
        case Entry.Understood<Stanza>(Stanza stanza) -> describe(text, stanza.status());
        case Entry.Unreadable<Stanza> _ ->
            text.put("problem", "the Stanza cannot be read; see its conditions");
      }
    }
    return Optional.of(text.toString());
  }

  private static void describe(ObjectNode text, @Nullable StanzaStatus status) {
    if (status == null) {
      text.put("repositories", "not asked yet");
      return;
    }
    var repositories = Optional.ofNullable(status.repositories()).orElse(List.of());
    text.put("repositories", worst(repositories));
    put(text, "lastBackup", status.lastBackupTime(), Duration.ofMinutes(1));
    put(text, "restorableTo", status.latestRestorableTime(), ROUNDING);
    repositories.stream()
        .flatMap(repository -> Stream.ofNullable(repository.walGaps()).flatMap(List::stream))
        .findFirst()
        .ifPresent(gap -> text.put("gap", gap));
  }

  private static String worst(List<RepositoryStatus> repositories) {
    return repositories.stream()
        .filter(repository -> code(repository) != 0)
        .max(Comparator.comparingInt(ClusterStatusText::code))
        .map(ClusterStatusText::state)
        .orElse(repositories.isEmpty() ? "not asked yet" : "ok");
  }

  private static int code(RepositoryStatus repository) {
    return Optional.ofNullable(repository.code()).orElse(0);
  }

  // The message of a store that fails may be long, and differ each time.
  private static String state(RepositoryStatus repository) {
    var name = Optional.ofNullable(repository.name()).orElse(String.valueOf(repository.index()));
    return repository.isReachable()
        ? name + ": " + Optional.ofNullable(repository.message()).orElse("code " + code(repository))
        : name + ": unreachable";
  }

  private static void put(ObjectNode text, String field, @Nullable String time, Duration step) {
    if (time != null) {
      text.put(field, rounded(time, step));
    }
  }

  private static String rounded(String time, Duration step) {
    try {
      var seconds = Instant.parse(time).getEpochSecond();
      return Instant.ofEpochSecond(seconds - seconds % step.toSeconds()).toString();
    } catch (DateTimeParseException _) {
      return time;
    }
  }
}
