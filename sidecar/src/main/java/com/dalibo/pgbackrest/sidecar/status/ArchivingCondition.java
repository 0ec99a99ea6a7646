package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.sidecar.wal.ReadyWal;
import com.dalibo.pgbackrest.sidecar.walarchive.ArchivingStatistics;
import com.dalibo.pgbackrest.stanza.api.reason.ConditionType;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `Archiving`: whether WAL comes to every repository.
///
/// @param waiting what PostgreSQL wants archived, and nobody has
record ArchivingCondition(
    List<RepositoryStatus> repositories,
    ArchivingStatistics.Counts archive,
    ReadyWal waiting,
    WrittenConditions written,
    Instant now) {
  private static final Duration RECENT = Duration.ofMinutes(1);

  /// How long the first WAL of a primary may wait before what its predecessor came to is no longer
  /// believed.
  private static final Duration INHERITED = Duration.ofSeconds(5);

  Verdict verdict() {
    if (lacksWal()) {
      return Verdict.no(
          StanzaReason.WAL_DROPPED,
          "pgbackrest dropped WAL because the archive queue was longer than 'archive.pushQueueMax':"
              + " nothing after that can be restored until there is a new backup; take one now");
    }
    var known = attempted();
    if (!known.isYes()) {
      return known;
    }
    return isOutOfReach()
        ? Verdict.unknown(
            StanzaReason.REPOSITORY_UNREACHABLE,
            "a repository cannot be read, and no WAL has been archived for a minute: PostgreSQL"
                + " keeps it until every repository has it")
        : standstill().orElse(known);
  }

  /// WAL waits, and none has been archived since it does. What becomes of it is known when an
  /// attempt ends, which takes a minute where a store does not answer and more where a program
  /// hangs.
  Optional<Verdict> standstill() {
    var patience = archive.outcome() == ArchivingStatistics.Outcome.NONE ? INHERITED : RECENT;
    var latest = now.minus(patience);
    return waiting
        .oldest()
        .filter(since -> since.isBefore(latest))
        .filter(_ -> archive.lastArchived().filter(at -> at.isAfter(latest)).isEmpty())
        .map(
            since ->
                Verdict.unknown(
                    StanzaReason.ARCHIVING_FAILS,
                    "WAL has been waiting to be archived since %s, and nothing has been archived since then: PostgreSQL keeps it; the log of the container 'pgbackrest-plugin' has the cause as soon as the attempt has ended"
                        .formatted(since.truncatedTo(ChronoUnit.SECONDS))));
  }

  /// What the last attempts came to, here or on the primary before.
  private Verdict attempted() {
    return switch (archive.outcome()) {
      case ARCHIVED -> archives();
      case FAILED ->
          Verdict.no(
              StanzaReason.ARCHIVING_FAILS,
              archive.lastFailureMessage().orElse("archiving failed"));
      // The drop was before a backup that has made it good.
      case DROPPED -> archives();
      case NOBODY ->
          written
              .find(ConditionType.ARCHIVING)
              .map(Verdict::of)
              .filter(ArchivingCondition::isOfAnOwnerThatLeft)
              .orElseGet(
                  () -> Verdict.unknown(StanzaReason.NO_CLUSTER, "no Cluster archives here"));
      case NONE ->
          written
              .find(ConditionType.ARCHIVING)
              .map(Verdict::of)
              .filter(known -> !known.hasReason(StanzaReason.WAL_DROPPED))
              .filter(known -> !known.hasReason(StanzaReason.STATUS_OVERDUE))
              .filter(known -> !known.hasReason(StanzaReason.NO_CLUSTER))
              .orElseGet(
                  () ->
                      Verdict.unknown(
                          StanzaReason.NOTHING_ARCHIVED_YET,
                          "no WAL has been archived since this server started"));
    };
  }

  /// By the operator's word.
  static boolean isOfAnOwnerThatLeft(Verdict archiving) {
    return Stream.of(
            StanzaReason.CLUSTER_GONE, StanzaReason.OWNER_REPLACED, StanzaReason.PLUGIN_DISABLED)
        .anyMatch(archiving::hasReason);
  }

  /// Whether what archiving last came to says nothing about now.
  private boolean isOutOfReach() {
    return repositories.stream().anyMatch(repository -> !repository.isReachable())
        && archive.lastArchived().filter(at -> at.isAfter(now.minus(RECENT))).isEmpty();
  }

  private static Verdict archives() {
    return Verdict.yes(StanzaReason.ARCHIVING, "WAL is archived in every repository");
  }

  /// Dropped WAL is missed until there is a backup that was started after it; the condition
  /// remembers it over a restart.
  private boolean lacksWal() {
    var dropped =
        archive
            .lastDropped()
            .or(
                () ->
                    written
                        .find(ConditionType.ARCHIVING)
                        .filter(ArchivingCondition::isOfDroppedWal)
                        .map(StanzaCondition::lastTransitionTime)
                        .map(Instant::parse));
    return dropped
        .filter(
            at ->
                repositories.stream()
                    .map(RepositoryStatus::lastBackup)
                    .noneMatch(backup -> startedAfter(backup, at)))
        .isPresent();
  }

  private static boolean startedAfter(@Nullable BackupSummary backup, Instant at) {
    return Optional.ofNullable(backup)
        .map(BackupSummary::timestamp)
        .map(BackupSummary.Timestamps::start)
        .filter(start -> Instant.ofEpochSecond(start).isAfter(at))
        .isPresent();
  }

  static boolean isOfDroppedWal(StanzaCondition condition) {
    return StanzaReason.WAL_DROPPED.word().equals(condition.reason());
  }
}
