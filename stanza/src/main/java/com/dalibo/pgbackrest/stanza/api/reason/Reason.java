package com.dalibo.pgbackrest.stanza.api.reason;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The reasons of conditions, events and refusals: a table for each kind of object, from whose rows
/// the tables of docs/how-to/troubleshooting.md and docs/reference/status.md are generated.
public sealed interface Reason
    permits StanzaReason,
        SpecReason,
        BackupReason,
        RestoreReason,
        PlanReason,
        DrillReason,
        ClusterReason {
  /// What is known of a reason.
  ///
  /// @param word as users read it: `WALGap`
  /// @param meaning what has happened
  /// @param remedy what to do about it
  /// @param places where it can be read
  record Row(String word, String meaning, String remedy, List<Place> places) {
    Row(String word, String meaning, String remedy, Place... places) {
      this(word, meaning, remedy, List.of(places));
    }
  }

  /// Where a reason can be read.
  sealed interface Place permits ConditionType, DrillConditionType, EventOn, Answer {}

  /// The object that an event is about.
  enum EventOn implements Place {
    STANZA("Stanza"),
    CLUSTER("Cluster"),
    BACKUP("Backup"),
    DRILL("RestoreDrill");

    private final String kind;

    EventOn(String kind) {
      this.kind = kind;
    }

    /// As Kubernetes names it.
    public String kind() {
      return kind;
    }
  }

  /// A refusal of a call.
  enum Answer implements Place {
    TO_CNPG
  }

  /// All of them, in the order of the pages.
  static List<Reason> all() {
    return Stream.<Reason[]>of(
            StanzaReason.values(),
            SpecReason.values(),
            BackupReason.values(),
            RestoreReason.values(),
            PlanReason.values(),
            DrillReason.values(),
            ClusterReason.values())
        .flatMap(Arrays::stream)
        .toList();
  }

  /// The one that is written like this.
  static Optional<Reason> of(String word) {
    return all().stream().filter(reason -> reason.word().equals(word)).findFirst();
  }

  Row row();

  /// As users read it: `WALGap`.
  default String word() {
    return row().word();
  }

  /// What has happened, for the page.
  default String meaning() {
    return row().meaning();
  }

  /// What to do about it, for the page.
  default String remedy() {
    return row().remedy();
  }

  /// The conditions whose own reason it can be. `Ready` also takes the reason of another condition
  /// that keeps it from being true.
  default List<ConditionType> conditions() {
    return places(ConditionType.class).toList();
  }

  /// The conditions of a RestoreDrill whose reason it can be.
  default List<DrillConditionType> drillConditions() {
    return places(DrillConditionType.class).toList();
  }

  /// The objects on which it is an event.
  default List<EventOn> events() {
    return places(EventOn.class).toList();
  }

  /// Whether CNPG gets it as an answer.
  default boolean isAnswer() {
    return places(Answer.class).findAny().isPresent();
  }

  private <T extends Place> Stream<T> places(Class<T> type) {
    return row().places().stream().filter(type::isInstance).map(type::cast);
  }
}
