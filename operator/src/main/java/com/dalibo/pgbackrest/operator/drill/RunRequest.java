package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.RecoveryTarget;
import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.TimeSpan;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunSpec;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillSpec;
import com.dalibo.pgbackrest.stanza.api.reason.DrillReason;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a run restores: the repository whose turn it is, and the recovery target. Chosen once, and
/// kept in the run.
///
/// @param before the repository of the run before
record RunRequest(RestoreDrill drill, Stanza stanza, OptionalInt before) {

  /// @param due when the run was due
  RestoreDrillRunSpec spec(Instant due, RandomGenerator random) throws InvalidStanzaException {
    var wanted = drill.spec();
    var repository = repository();
    var target = target(repository, random);
    return new RestoreDrillRunSpec(
        drill.name(),
        wanted.stanzaRef(),
        due.truncatedTo(ChronoUnit.SECONDS).toString(),
        repository.index(),
        target,
        asked(target).map(Instant::toString).orElse(null),
        wanted.cluster(),
        wanted.checks(),
        wanted.pages(),
        wanted.objectives(),
        wanted.timeout(),
        wanted.keep());
  }

  /// Why no run of a drill can be made; empty if it can.
  ///
  /// @param stanza the one that it names; empty if there is none that can be read
  static Optional<Problem> problem(RestoreDrill drill, Optional<Stanza> stanza) {
    var spec = drill.spec();
    if (stanza.isEmpty()) {
      return Optional.of(
          invalid(
              "the RestoreDrill '%s' names the Stanza '%s', which is not in namespace '%s' or cannot be read; create it there, or correct spec.stanzaRef"
                  .formatted(drill.name(), spec.stanzaRef(), drill.namespace())));
    }
    var spans = spans(spec).filter(span -> TimeSpan.parse(span).isEmpty()).findFirst();
    if (spans.isPresent()) {
      return Optional.of(
          invalid(
              "'%s' in the RestoreDrill '%s' is not a time span; write it as 4h, 90m or 30s"
                  .formatted(spans.get(), drill.name())));
    }
    try {
      var _ = new RunRequest(drill, stanza.get(), OptionalInt.empty()).repository();
      return Optional.empty();
    } catch (InvalidStanzaException e) {
      return Optional.of(
          invalid(
              "%s; correct spec.repository of the RestoreDrill '%s'"
                  .formatted(e.getMessage(), drill.name())));
    }
  }

  private static Stream<String> spans(RestoreDrillSpec spec) {
    var objectives = spec.objectives();
    var keep = spec.keep();
    var random = spec.target() == null ? null : spec.target().random();
    return Stream.of(
            spec.timeout(),
            objectives == null ? null : objectives.rto(),
            objectives == null ? null : objectives.rpo(),
            keep == null ? null : keep.failed(),
            random == null ? null : random.within())
        .filter(Objects::nonNull);
  }

  private static Problem invalid(String message) {
    return new Problem(DrillReason.DRILL_INVALID, message);
  }

  /// The numbers of the repositories that the drill takes, in turn.
  static Set<Integer> repositories(RestoreDrill drill, Stanza stanza) {
    var wanted = drill.spec().repository();
    try {
      var all =
          wanted == null || wanted.equals("each")
              ? Repositories.of(stanza.spec())
              : List.of(Repositories.select(stanza, wanted));
      return all.stream().map(Repository::index).collect(Collectors.toSet());
    } catch (InvalidStanzaException _) {
      return Set.of();
    }
  }

  private Repository repository() throws InvalidStanzaException {
    var wanted = drill.spec().repository();
    if (wanted != null && !wanted.equals("each")) {
      return Repositories.select(stanza, wanted);
    }
    var all =
        Repositories.of(stanza.spec()).stream()
            .sorted(Comparator.comparingInt(Repository::index))
            .toList();
    if (all.isEmpty()) {
      throw new InvalidStanzaException(
          DrillReason.DRILL_INVALID, "the stanza '%s' has no repository".formatted(stanza.name()));
    }
    return all.stream()
        .filter(repository -> before.isPresent() && repository.index() > before.getAsInt())
        .findFirst()
        .orElse(all.getFirst());
  }

  private @Nullable RecoveryTarget target(Repository repository, RandomGenerator random) {
    var target = drill.spec().target();
    if (target == null) {
      return null;
    }
    var chosen = target.random();
    return chosen == null
        ? target.recoveryTarget()
        : moment(repository, chosen.within(), random).map(RunRequest::at).orElse(null);
  }

  /// Each second of the time to which the repository can restore is as likely as any other.
  private Optional<Instant> moment(
      Repository repository, @Nullable String within, RandomGenerator random) {
    var status = stanza.repositoryStatus(repository.index());
    var earliest = status.map(RepositoryStatus::earliestRestorableTime).flatMap(RunRequest::time);
    var latest = status.map(RepositoryStatus::latestRestorableTime).flatMap(RunRequest::time);
    if (earliest.isEmpty() || latest.isEmpty()) {
      return Optional.empty();
    }
    var from =
        Optional.ofNullable(within)
            .flatMap(TimeSpan::parse)
            .map(span -> latest.get().minus(span))
            .filter(earliest.get()::isBefore)
            .orElse(earliest.get());
    // A second later: the backup has to have ended.
    var first = from.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    var seconds = Duration.between(first, latest.get()).toSeconds();
    return seconds < 0
        ? Optional.empty()
        : Optional.of(first.plusSeconds(random.nextLong(seconds + 1)));
  }

  private static RecoveryTarget at(Instant moment) {
    return new RecoveryTarget(null, null, null, null, null, moment.toString(), null, null);
  }

  /// Of a recovery to the end: the newest moment that any repository has.
  private Optional<Instant> asked(@Nullable RecoveryTarget target) {
    if (target == null || target.isEndOfArchive()) {
      return Optional.ofNullable(stanza.status())
          .map(StanzaStatus::latestRestorableTime)
          .flatMap(RunRequest::time);
    }
    return target.moment();
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }
}
