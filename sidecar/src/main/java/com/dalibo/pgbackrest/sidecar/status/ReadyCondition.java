package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.sidecar.wal.WalGap;
import com.dalibo.pgbackrest.stanza.api.reason.ConditionType;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `Ready`: true where a person may believe that the cluster could be restored: everything is
/// reachable, WAL is archived and there is a backup.
///
/// @param backedUp the repositories, by index, with a backup to replay what is archived now on
/// @param isInspection no Cluster archives here
record ReadyCondition(
    List<RepositoryStatus> repositories,
    Set<Integer> backedUp,
    boolean isInspection,
    WrittenConditions written) {
  /// By how much a repository's newest backup is older than that of another before it is named: a
  /// week, which is a usual schedule for a second repository, and a day.
  private static final Duration OVERDUE = Duration.ofDays(8);

  Verdict verdict(Verdict reachable, Verdict archiving, Optional<Verdict> verified) {
    var valid =
        written.find(ConditionType.VALID).filter(condition -> condition.status().equals("False"));
    if (valid.isPresent()) {
      return Verdict.of(valid.get());
    }
    if (isInspection && ArchivingCondition.isOfAnOwnerThatLeft(archiving)) {
      return archiving;
    }
    if (!reachable.isYes()) {
      return reachable;
    }
    if (!archiving.isYes() && !archiving.hasReason(StanzaReason.NO_CLUSTER)) {
      return archiving;
    }
    var gaps =
        repositories.stream()
            .filter(repository -> !gapsSinceLastBackup(repository).isEmpty())
            .map(
                repository ->
                    "repository %s lacks WAL %s"
                        .formatted(
                            repository.label(), String.join(", ", gapsSinceLastBackup(repository))))
            .toList();
    if (!gaps.isEmpty()) {
      return Verdict.no(
          StanzaReason.WAL_GAP,
          "%s: recovery cannot pass it; take a new backup".formatted(String.join("; ", gaps)));
    }
    if (backedUp.isEmpty() && isInspection) {
      return Verdict.unknown(
          StanzaReason.NO_CLUSTER,
          "no Cluster archives here, and there is no backup to restore from");
    }
    if (backedUp.isEmpty()) {
      return Verdict.no(
          StanzaReason.NO_BACKUP,
          "WAL is archived, but without a backup nothing can be restored: create a Backup or a"
              + " ScheduledBackup");
    }
    var damage = verified.filter(Verdict::isNo);
    if (damage.isPresent()) {
      return damage.get();
    }
    return Verdict.yes(
        StanzaReason.READY,
        (isInspection
                ? "no Cluster archives here, and there is a backup to restore from"
                : "WAL is archived, and there is a backup to restore from")
            + (repositories.stream().allMatch(repository -> orEmpty(repository.walGaps()).isEmpty())
                ? ""
                : "; recovery from older backups cannot pass the gaps in 'walGaps'")
            + (isInspection ? "" : lacking()));
  }

  /// The repositories from which alone less could be restored than from the others. A restore takes
  /// the best, so they do not make the Stanza unready: a repository that was added would for days.
  private String lacking() {
    var newest = repositories.stream().mapToLong(ReadyCondition::lastStop).max().orElse(0);
    var found =
        repositories.stream()
            .flatMap(
                repository -> {
                  if (!backedUp.contains(Objects.requireNonNullElse(repository.index(), 0))) {
                    return Stream.of(
                        "repository %s has no backup to restore from"
                            .formatted(repository.label()));
                  }
                  return lastStop(repository) < newest - OVERDUE.toSeconds()
                      ? Stream.of(
                          "the newest backup of repository %s is of %s"
                              .formatted(
                                  repository.label(), Instant.ofEpochSecond(lastStop(repository))))
                      : Stream.empty();
                })
            .toList();
    return found.isEmpty()
        ? ""
        : "; %s: create a Backup or a ScheduledBackup with the parameter 'selectedRepository'"
            .formatted(String.join("; ", found));
  }

  private static long lastStop(RepositoryStatus repository) {
    return Optional.ofNullable(repository.lastBackup())
        .map(BackupSummary::timestamp)
        .map(BackupSummary.Timestamps::stop)
        .orElse(0L);
  }

  /// Recovery from the newest backup does not come to the older ones.
  private static List<String> gapsSinceLastBackup(RepositoryStatus repository) {
    var start =
        Optional.ofNullable(repository.lastBackup())
            .map(BackupSummary::archive)
            .map(BackupSummary.Range::start);
    return orEmpty(repository.walGaps()).stream()
        .filter(gap -> start.isEmpty() || WalGap.parse(gap).isAfter(start.get()))
        .toList();
  }

  private static List<String> orEmpty(@Nullable List<String> list) {
    return Objects.requireNonNullElse(list, List.of());
  }
}
