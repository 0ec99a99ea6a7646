package com.dalibo.pgbackrest.selection;

import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.postgres.TargetTimeline;
import com.dalibo.pgbackrest.postgres.Timelines;
import com.dalibo.pgbackrest.postgres.WalFile;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Chooses the backup that a recovery starts from, over all repositories: the newest that ended
/// before the target, on the way to the timeline asked for. Broken backups only when named. Whether
/// its WAL is there is for the caller to see, who can fall back to the others.
public final class BackupSelection {

  /// A backup, or why there is none.
  public sealed interface Choice {
    /// The best backup, those to fall back to when its WAL turns out to be incomplete (the best of
    /// them first), and why each newer one was passed over.
    record Chosen(BackupInfo backup, List<BackupInfo> others, List<String> passedOver)
        implements Choice {
      public Chosen {
        others = List.copyOf(others);
        passedOver = List.copyOf(passedOver);
      }

      public int repository() {
        return backup.repositoryKey();
      }

      public String label() {
        return backup.label();
      }
    }

    record None(String reason) implements Choice {}
  }

  private static final Comparator<BackupInfo> NEWEST =
      Comparator.comparing(BackupInfo::timestampStop)
          .thenComparing(BackupInfo::repositoryKey, Comparator.reverseOrder());

  private final StanzaInfo stanza;
  private final Function<BackupInfo, Timelines> timelines;
  private final RecoveryGoal request;

  private BackupSelection(
      StanzaInfo stanza, Function<BackupInfo, Timelines> timelines, RecoveryGoal request) {
    this.stanza = stanza;
    this.timelines = timelines;
    this.request = request;
  }

  /// The choice, or why there is none.
  ///
  /// @param timelines those of the archives of a backup: after a major upgrade, timelines begin
  ///   again at 1
  public static Choice choose(
      StanzaInfo stanza, Function<BackupInfo, Timelines> timelines, RecoveryGoal request) {
    return new BackupSelection(stanza, timelines, request).choose();
  }

  /// The backups among which a recovery may choose: those of the name that it gives or, without
  /// one, those of the cluster as it is now.
  public static List<BackupInfo> candidates(StanzaInfo stanza, RecoveryGoal request) {
    return stanza.backups().stream()
        .filter(
            backup ->
                request.backupId().isPresent()
                    ? backup.label().equals(request.backupId().get())
                    : !backup.error() && stanza.isOfCurrentCluster(backup))
        .toList();
  }

  private Choice choose() {
    if (stanza.backups().isEmpty()) {
      return none("stanza '%s' has no backup in any repository".formatted(stanza.name()));
    }
    return request.backupId().map(this::named).orElseGet(this::newest);
  }

  private Choice named(String label) {
    // A repository that is a copy of another has the same labels.
    var found =
        candidates(stanza, request).stream()
            .sorted(Comparator.comparingInt(BackupInfo::repositoryKey))
            .toList();
    if (found.isEmpty()) {
      return none(
          "stanza '%s' has no backup '%s'; it has %s".formatted(stanza.name(), label, labels()));
    }
    return firstOf(found).orElseGet(() -> none(refusal(found.getFirst()).orElseThrow()));
  }

  private Choice newest() {
    if (request.target() instanceof RestoreTarget.Xid
        || request.target() instanceof RestoreTarget.Name) {
      return none(
          "only the WAL shows where a transaction or a restore point is; name the backup to start from, one of "
              + labels());
    }
    var usable = candidates(stanza, request).stream().sorted(NEWEST.reversed()).toList();
    if (usable.isEmpty()) {
      return none(
          "every backup of stanza '%s' is marked as broken or belongs to an earlier version of the cluster; name the one to use, one of %s"
              .formatted(stanza.name(), labels()));
    }
    return firstOf(usable)
        .orElseGet(
            () ->
                none(
                    refusal(usable.getFirst()).orElseThrow()
                        + others(usable.size())
                        + earlierVersion().orElse("")));
  }

  /// A backup from before a major upgrade is restored by another image, which is for the user to
  /// decide.
  private Optional<String> earlierVersion() {
    return stanza.backups().stream()
        .filter(backup -> !backup.error() && !stanza.isOfCurrentCluster(backup))
        .filter(backup -> isPoint() && refusal(backup).isEmpty())
        .max(NEWEST)
        .map(
            backup ->
                "; backup '%s' of an earlier version of the cluster ended before it: name it in backupID to recover from that"
                    .formatted(backup.label()));
  }

  private boolean isPoint() {
    return request.target() instanceof RestoreTarget.Time
        || request.target() instanceof RestoreTarget.Lsn;
  }

  /// The first that leads to the target, of those given in order of preference.
  private Optional<Choice> firstOf(List<BackupInfo> backups) {
    var restorable = backups.stream().filter(backup -> refusal(backup).isEmpty()).toList();
    if (restorable.isEmpty()) {
      return Optional.empty();
    }
    var best = restorable.getFirst();
    var passedOver =
        backups.stream()
            .takeWhile(backup -> !backup.equals(best))
            .flatMap(backup -> refusal(backup).stream())
            .toList();
    return Optional.of(
        new Choice.Chosen(best, restorable.subList(1, restorable.size()), passedOver));
  }

  private static String others(int usable) {
    return usable == 1
        ? ""
        : "; none of the other %d backups can be used either".formatted(usable - 1);
  }

  private static Choice none(String reason) {
    return new Choice.None(reason);
  }

  /// Why a backup cannot lead to the target.
  private Optional<String> refusal(BackupInfo backup) {
    return tooLate(backup).or(() -> offTheWay(backup));
  }

  /// Whether the backup ended too late to lead to the target.
  public static boolean endsAfter(BackupInfo backup, RestoreTarget target) {
    return switch (target) {
      // Backups end within the second that is noted, so only the next one is surely after it;
      // pgBackRest draws the line there too.
      case RestoreTarget.Time(var instant) ->
          instant.isBefore(backup.timestampStop().plusSeconds(1));
      case RestoreTarget.Lsn(var position) ->
          backup.lsnStop() != null && position.compareTo(backup.lsnStop()) < 0;
      case RestoreTarget.Latest _,
          RestoreTarget.Immediate _,
          RestoreTarget.Xid _,
          RestoreTarget.Name _ ->
          false;
    };
  }

  private Optional<String> tooLate(BackupInfo backup) {
    return endsAfter(backup, request.target())
        ? Optional.of(
            "backup '%s' ended at %s (%s), %s the target %s; choose a later target or an earlier backup"
                .formatted(
                    backup.label(),
                    TargetTime.format(backup.timestampStop()),
                    backup.lsnStop(),
                    isSameSecond(backup) ? "perhaps later in that second than" : "after",
                    targetText()))
        : Optional.empty();
  }

  private boolean isSameSecond(BackupInfo backup) {
    return request.target() instanceof RestoreTarget.Time(var instant)
        && !instant.isBefore(backup.timestampStop());
  }

  private Optional<String> offTheWay(BackupInfo backup) {
    var archiveStop = backup.archiveStop();
    var lsnStop = backup.lsnStop();
    if (archiveStop == null || lsnStop == null) {
      return Optional.empty();
    }
    var own = WalFile.parse(archiveStop).timeline();
    var archived = timelines.apply(backup);
    var wanted = archived.last(own, request.timeline());
    if (own == wanted || archived.leads(own, lsnStop, wanted)) {
      return endsEarly(backup, own, lsnStop, wanted, archived);
    }
    if (!archived.has(wanted)) {
      return Optional.of(
          "the archive has no history of timeline %d; choose a timeline it has: %s"
              .formatted(wanted, archived.known()));
    }
    return Optional.of(
        "backup '%s' of timeline %d does not lead to timeline %d; choose another backup, or the timeline of this one with recoveryTarget.targetTLI: '%d'"
            .formatted(backup.label(), own, wanted, own));
  }

  /// PostgreSQL asks for one history after the other, and takes the first that is missing for the
  /// end, without a word.
  private Optional<String> endsEarly(
      BackupInfo backup, int own, Lsn position, int wanted, Timelines archived) {
    return request.timeline() instanceof TargetTimeline.Latest
            && request.target() instanceof RestoreTarget.Latest
        ? archived
            .beyondGap(own, position)
            .map(
                beyond ->
                    "the archive has timeline %d, but lacks the history of timeline %d, so that recovery from backup '%s' would end on timeline %d; set targetTLI: '%d' to reach it, or '%d' to end there"
                        .formatted(beyond, wanted + 1, backup.label(), wanted, beyond, wanted))
        : Optional.empty();
  }

  private String targetText() {
    return switch (request.target()) {
      case RestoreTarget.Latest _ -> "latest";
      case RestoreTarget.Immediate _ -> "immediate";
      case RestoreTarget.Time time -> time.text();
      case RestoreTarget.Lsn(var position) -> position.toString();
      case RestoreTarget.Xid(var xid) -> xid;
      case RestoreTarget.Name(var name) -> name;
    };
  }

  private String labels() {
    return stanza.backups().stream()
        .map(backup -> "'%s'".formatted(backup.label()))
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
