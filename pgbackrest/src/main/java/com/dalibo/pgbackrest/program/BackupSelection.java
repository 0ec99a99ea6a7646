package com.dalibo.pgbackrest.program;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/// Chooses the backup that a recovery starts from, over all repositories: the newest that ended
/// before the target, on the way to the timeline asked for, with its WAL in the archive. Broken
/// backups only when named.
public final class BackupSelection {

  /// A backup, or why there is none.
  public sealed interface Choice {
    record Chosen(BackupInfo backup) implements Choice {
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
  private final Timelines timelines;
  private final RestoreRequest request;

  private BackupSelection(StanzaInfo stanza, Timelines timelines, RestoreRequest request) {
    this.stanza = stanza;
    this.timelines = timelines;
    this.request = request;
  }

  public static Choice choose(StanzaInfo stanza, Timelines timelines, RestoreRequest request) {
    return new BackupSelection(stanza, timelines, request).choose();
  }

  private Choice choose() {
    if (stanza.backups().isEmpty()) {
      return none("stanza '%s' has no backup in any repository".formatted(stanza.name()));
    }
    return request.backupId().map(this::named).orElseGet(this::newest);
  }

  private Choice named(String label) {
    var found =
        stanza.backups().stream()
            .filter(backup -> backup.label().equals(label))
            .min(Comparator.comparingInt(BackupInfo::repositoryKey));
    if (found.isEmpty()) {
      return none(
          "stanza '%s' has no backup '%s'; it has %s".formatted(stanza.name(), label, labels()));
    }
    return refusal(found.get()).<Choice>map(Choice.None::new).orElseGet(() -> chosen(found.get()));
  }

  private Choice newest() {
    if (request.target() instanceof RestoreTarget.Xid
        || request.target() instanceof RestoreTarget.Name) {
      return none(
          "only the WAL tells where a transaction or a restore point is; name the backup to start from, one of "
              + labels());
    }
    var usable =
        stanza.backups().stream()
            .filter(backup -> !backup.error())
            .filter(this::ofCurrentCluster)
            .toList();
    if (usable.isEmpty()) {
      return none(
          "every backup of stanza '%s' is marked as broken or belongs to an earlier version of the cluster; name the one to use, one of %s"
              .formatted(stanza.name(), labels()));
    }
    var restorable =
        usable.stream().filter(backup -> refusal(backup).isEmpty()).max(NEWEST).map(this::chosen);
    return restorable.orElseGet(
        () ->
            none(
                refusal(usable.stream().max(NEWEST).orElseThrow()).orElseThrow()
                    + others(usable.size())));
  }

  private static String others(int usable) {
    return usable == 1
        ? ""
        : "; none of the other %d backups can be used either".formatted(usable - 1);
  }

  private Choice chosen(BackupInfo backup) {
    return new Choice.Chosen(backup);
  }

  private static Choice none(String reason) {
    return new Choice.None(reason);
  }

  /// Why a backup cannot lead to the target.
  private Optional<String> refusal(BackupInfo backup) {
    return tooLate(backup).or(() -> offTheWay(backup)).or(() -> withoutWal(backup));
  }

  private Optional<String> tooLate(BackupInfo backup) {
    var late =
        switch (request.target()) {
          // Backups end within the second that is noted.
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
    return late
        ? Optional.of(
            "backup '%s' ended at %s (%s), after the target %s; choose a later target or an earlier backup"
                .formatted(
                    backup.label(),
                    TargetTime.format(backup.timestampStop()),
                    backup.lsnStop(),
                    targetText()))
        : Optional.empty();
  }

  private Optional<String> offTheWay(BackupInfo backup) {
    var archiveStop = backup.archiveStop();
    var lsnStop = backup.lsnStop();
    if (archiveStop == null || lsnStop == null) {
      return Optional.empty();
    }
    var own = WalFile.parse(archiveStop).timeline();
    var wanted =
        switch (request.timeline()) {
          case TargetTimeline.Latest _ -> timelines.latestFrom(own);
          case TargetTimeline.Current _ -> own;
          case TargetTimeline.Numbered(var number) -> number;
        };
    if (own == wanted || timelines.leads(own, lsnStop, wanted)) {
      return Optional.empty();
    }
    if (!timelines.has(wanted)) {
      return Optional.of(
          "the archive has no history of timeline %d; choose a timeline it has: %s"
              .formatted(wanted, timelines.known()));
    }
    return Optional.of(
        "backup '%s' of timeline %d is not on the way to timeline %d; choose another backup or timeline"
            .formatted(backup.label(), own, wanted));
  }

  private Optional<String> withoutWal(BackupInfo backup) {
    var start = backup.archiveStart();
    var stop = backup.archiveStop();
    if (start == null || stop == null) {
      return Optional.empty();
    }
    // Recovery may fetch from every repository, so any of them will do.
    return stanza.archives().stream().anyMatch(archive -> archive.spans(start, stop))
        ? Optional.empty()
        : Optional.of(
            "the WAL of backup '%s' (%s to %s) is in no repository; choose another backup"
                .formatted(backup.label(), start, stop));
  }

  private boolean ofCurrentCluster(BackupInfo backup) {
    return stanza
        .currentDatabase(backup.repositoryKey())
        .map(database -> database.id() == backup.databaseId())
        .orElse(true);
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
