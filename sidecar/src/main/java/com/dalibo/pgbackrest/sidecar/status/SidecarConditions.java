package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.sidecar.verify.VerifySchedule;
import com.dalibo.pgbackrest.sidecar.wal.ReadyWal;
import com.dalibo.pgbackrest.sidecar.wal.WalGap;
import com.dalibo.pgbackrest.sidecar.walarchive.ArchivingStatistics;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary;
import com.dalibo.pgbackrest.stanza.api.status.ConditionType;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.dalibo.pgbackrest.stanza.api.status.StanzaReason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.api.status.VerifyStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The conditions of a Stanza, judged from its repositories and from what archiving came to.
///
/// `Ready` is true where a person may believe that the cluster could be restored: everything is
/// reachable, WAL is archived and there is a backup.
///
/// @param backedUp the repositories, by index, with a backup to replay what is archived now on
/// @param waiting what PostgreSQL wants archived, and nobody has
public record SidecarConditions(
    Stanza stanza,
    List<RepositoryStatus> repositories,
    Set<Integer> backedUp,
    ArchivingStatistics.Counts archive,
    ReadyWal waiting,
    Instant now) {
  private static final Duration RECENT = Duration.ofMinutes(1);

  /// How long the first WAL of a primary may wait before what its predecessor came to is no longer
  /// believed.
  private static final Duration INHERITED = Duration.ofSeconds(5);

  /// By how much a repository's newest backup is older than that of another before it is named: a
  /// week, which is a usual schedule for a second repository, and a day.
  private static final Duration OVERDUE = Duration.ofDays(8);

  /// What a condition says, before it is known since when.
  record Verdict(String status, String reason, String message) {
    static Verdict yes(Reason reason, String message) {
      return new Verdict("True", reason.word(), message);
    }

    static Verdict no(Reason reason, String message) {
      return new Verdict("False", reason.word(), message);
    }

    static Verdict unknown(Reason reason, String message) {
      return new Verdict("Unknown", reason.word(), message);
    }

    boolean hasReason(Reason wanted) {
      return reason.equals(wanted.word());
    }

    boolean isYes() {
      return status.equals("True");
    }
  }

  /// All of the Stanza's: those that others write stay as they are.
  List<StanzaCondition> conditions() {
    var reachable = reachable();
    var archiving = archiving();
    var verified = verified();
    var mine = new ArrayList<StanzaCondition>();
    mine.add(condition(ConditionType.READY, ready(reachable, archiving, verified)));
    mine.add(condition(ConditionType.REPOSITORIES_REACHABLE, reachable));
    mine.add(condition(ConditionType.ARCHIVING, archiving));
    verified.ifPresent(verdict -> mine.add(condition(ConditionType.VERIFIED, verdict)));
    if (isInspection()) {
      mine.add(
          condition(
              ConditionType.INSPECTED,
              Verdict.yes(
                  StanzaReason.INSPECTED,
                  "the repositories were queried at %s"
                      .formatted(now.truncatedTo(ChronoUnit.SECONDS)))));
    }
    return merged(mine);
  }

  /// Where an inspection came to nothing; what is known of the repositories stays.
  List<StanzaCondition> notInspected(String message) {
    return merged(
        List.of(condition(ConditionType.INSPECTED, Verdict.no(StanzaReason.INSPECTION_FAILED, message))));
  }

  /// No Cluster archives here, so that the operator had to have the repositories queried.
  private boolean isInspection() {
    return archive.outcome() == ArchivingStatistics.Outcome.NOBODY;
  }

  /// Where the Stanza cannot be used at all, so that nothing was asked.
  List<StanzaCondition> unusable(Reason reason, String message) {
    var mine = new ArrayList<StanzaCondition>();
    mine.add(condition(ConditionType.READY, Verdict.no(reason, message)));
    mine.add(condition(ConditionType.REPOSITORIES_REACHABLE, Verdict.unknown(reason, message)));
    mine.add(condition(ConditionType.ARCHIVING, archiving()));
    if (isInspection()) {
      mine.add(condition(ConditionType.INSPECTED, Verdict.unknown(reason, message)));
    }
    return merged(mine);
  }

  /// Where it is known that WAL is no longer archived before the repositories have been asked,
  /// which may take minutes; otherwise empty.
  Optional<List<StanzaCondition>> withdrawn() {
    var standstill = standstill();
    if (standstill.isEmpty() || !isTrue(ConditionType.ARCHIVING)) {
      return Optional.empty();
    }
    var mine = new ArrayList<StanzaCondition>();
    if (isTrue(ConditionType.READY)) {
      mine.add(condition(ConditionType.READY, standstill.get()));
    }
    mine.add(condition(ConditionType.ARCHIVING, standstill.get()));
    return Optional.of(merged(mine));
  }

  private boolean isTrue(ConditionType type) {
    return before(type).filter(condition -> condition.status().equals("True")).isPresent();
  }

  private Verdict reachable() {
    var silent = repositories.stream().filter(repository -> !repository.isReachable()).toList();
    return silent.isEmpty()
        ? Verdict.yes(
            StanzaReason.ALL_REACHABLE,
            repositories.size() == 1
                ? "the repository answers"
                : "all %d repositories answer".formatted(repositories.size()))
        : Verdict.no(
            StanzaReason.REPOSITORY_UNREACHABLE,
            silent.stream()
                .map(
                    repository ->
                        "repository %s cannot be read: %s"
                            .formatted(label(repository), repository.message()))
                .collect(Collectors.joining("; ")));
  }

  private Verdict archiving() {
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
  private Optional<Verdict> standstill() {
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
              StanzaReason.ARCHIVING_FAILS, archive.lastFailureMessage().orElse("archiving failed"));
      // The drop was before a backup that has made it good.
      case DROPPED -> archives();
      case NOBODY ->
          before(ConditionType.ARCHIVING)
              .map(SidecarConditions::verdict)
              .filter(SidecarConditions::isOfAnOwnerThatLeft)
              .orElseGet(() -> Verdict.unknown(StanzaReason.NO_CLUSTER, "no Cluster archives here"));
      case NONE ->
          before(ConditionType.ARCHIVING)
              .map(SidecarConditions::verdict)
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
  private static boolean isOfAnOwnerThatLeft(Verdict archiving) {
    return Stream.of(StanzaReason.CLUSTER_GONE, StanzaReason.OWNER_REPLACED, StanzaReason.PLUGIN_DISABLED)
        .anyMatch(archiving::hasReason);
  }

  /// Whether what archiving last came to says nothing about now.
  private boolean isOutOfReach() {
    return repositories.stream().anyMatch(repository -> !repository.isReachable())
        && archive.lastArchived().filter(at -> at.isAfter(now.minus(RECENT))).isEmpty();
  }

  /// Only where the Stanza asks for it.
  private Optional<Verdict> verified() {
    if (!isVerifying()) {
      return Optional.empty();
    }
    var damaged = repositories.stream().filter(SidecarConditions::isDamaged).toList();
    if (!damaged.isEmpty()) {
      return Optional.of(
          Verdict.no(
              StanzaReason.VERIFY_FAILED,
              damaged.stream()
                      .map(
                          repository ->
                              "repository %s: %s".formatted(label(repository), found(repository)))
                      .collect(Collectors.joining("; "))
                  + "; take a new full backup: backups that build on damaged files cannot be"
                  + " restored"));
    }
    var open = repositories.stream().filter(repository -> repository.lastVerify() == null).toList();
    return Optional.of(
        open.isEmpty()
            ? Verdict.yes(StanzaReason.VERIFIED, "everything that was verified is intact")
            : Verdict.unknown(
                StanzaReason.NOT_VERIFIED_YET,
                "repository %s has not been verified yet".formatted(label(open.getFirst()))));
  }

  private boolean isVerifying() {
    return VerifySchedule.of(stanza).isPresent();
  }

  private static boolean isDamaged(RepositoryStatus repository) {
    return Optional.ofNullable(repository.lastVerify())
        .map(VerifyStatus::status)
        .filter(VerifySchedule.ERROR::equals)
        .isPresent();
  }

  private static String found(RepositoryStatus repository) {
    return Optional.ofNullable(repository.lastVerify())
        .map(VerifyStatus::message)
        .orElse("damaged");
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
                    before(ConditionType.ARCHIVING)
                        .filter(SidecarConditions::isOfDroppedWal)
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

  private Verdict ready(Verdict reachable, Verdict archiving, Optional<Verdict> verified) {
    var valid = before(ConditionType.VALID).filter(condition -> condition.status().equals("False"));
    if (valid.isPresent()) {
      return verdict(valid.get());
    }
    if (isInspection() && isOfAnOwnerThatLeft(archiving)) {
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
                            label(repository), String.join(", ", gapsSinceLastBackup(repository))))
            .toList();
    if (!gaps.isEmpty()) {
      return Verdict.no(
          StanzaReason.WAL_GAP,
          "%s: recovery cannot pass it; take a new backup".formatted(String.join("; ", gaps)));
    }
    if (backedUp.isEmpty() && isInspection()) {
      return Verdict.unknown(
          StanzaReason.NO_CLUSTER, "no Cluster archives here, and there is no backup to restore from");
    }
    if (backedUp.isEmpty()) {
      return Verdict.no(
          StanzaReason.NO_BACKUP,
          "WAL is archived, but without a backup nothing can be restored: create a Backup or a"
              + " ScheduledBackup");
    }
    var damage = verified.filter(verdict -> verdict.status().equals("False"));
    if (damage.isPresent()) {
      return damage.get();
    }
    return Verdict.yes(
        StanzaReason.READY,
        (isInspection()
                ? "no Cluster archives here, and there is a backup to restore from"
                : "WAL is archived, and there is a backup to restore from")
            + (repositories.stream().allMatch(repository -> orEmpty(repository.walGaps()).isEmpty())
                ? ""
                : "; recovery from older backups cannot pass the gaps in 'walGaps'")
            + (isInspection() ? "" : lacking()));
  }

  /// The repositories from which alone less could be restored than from the others. A restore takes
  /// the best, so they do not make the Stanza unready: a repository that was added would for days.
  private String lacking() {
    var newest = repositories.stream().mapToLong(SidecarConditions::lastStop).max().orElse(0);
    var found =
        repositories.stream()
            .flatMap(
                repository -> {
                  if (!backedUp.contains(Objects.requireNonNullElse(repository.index(), 0))) {
                    return Stream.of(
                        "repository %s has no backup to restore from".formatted(label(repository)));
                  }
                  return lastStop(repository) < newest - OVERDUE.toSeconds()
                      ? Stream.of(
                          "the newest backup of repository %s is of %s"
                              .formatted(
                                  label(repository), Instant.ofEpochSecond(lastStop(repository))))
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

  private List<StanzaCondition> merged(List<StanzaCondition> mine) {
    var types = mine.stream().map(StanzaCondition::type).toList();
    var all = new ArrayList<>(mine);
    known().stream()
        .filter(condition -> !types.contains(condition.type()))
        .filter(condition -> !condition.is(ConditionType.VERIFIED) || isVerifying())
        .filter(condition -> !condition.is(ConditionType.INSPECTED) || isInspection())
        .forEach(all::add);
    return List.copyOf(all);
  }

  private StanzaCondition condition(ConditionType type, Verdict verdict) {
    // The time of dropped WAL is needed later, so it counts anew also where archiving failed
    // before.
    var since =
        before(type)
            .filter(known -> known.status().equals(verdict.status()))
            .filter(known -> !verdict.hasReason(StanzaReason.WAL_DROPPED) || isOfDroppedWal(known))
            .map(StanzaCondition::lastTransitionTime)
            .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
    return new StanzaCondition(
        type.word(),
        verdict.status(),
        stanza.metadata().generation(),
        since,
        verdict.reason(),
        verdict.message());
  }

  private static boolean isOfDroppedWal(StanzaCondition condition) {
    return StanzaReason.WAL_DROPPED.word().equals(condition.reason());
  }

  private static Verdict verdict(StanzaCondition condition) {
    return new Verdict(
        condition.status(),
        Objects.requireNonNullElse(condition.reason(), "Unknown"),
        Objects.requireNonNullElse(condition.message(), ""));
  }

  private Optional<StanzaCondition> before(ConditionType type) {
    return known().stream().filter(condition -> condition.is(type)).findFirst();
  }

  private List<StanzaCondition> known() {
    return of(stanza);
  }

  /// Those that are written.
  public static List<StanzaCondition> of(Stanza stanza) {
    return Optional.ofNullable(stanza.status()).map(StanzaStatus::conditions).orElse(List.of());
  }

  private static List<String> orEmpty(@Nullable List<String> list) {
    return Objects.requireNonNullElse(list, List.of());
  }

  private static String label(RepositoryStatus repository) {
    return repository.name() == null
        ? String.valueOf(repository.index())
        : "%d (%s)".formatted(repository.index(), repository.name());
  }
}
