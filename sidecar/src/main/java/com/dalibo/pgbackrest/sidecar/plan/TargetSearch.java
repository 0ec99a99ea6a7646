package com.dalibo.pgbackrest.sidecar.plan;

import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.postgres.WalRecord;
import com.dalibo.pgbackrest.postgres.WalSequence;
import com.dalibo.pgbackrest.selection.RestoreTarget;
import com.dalibo.pgbackrest.sidecar.choice.ArchiveEnd;
import com.dalibo.pgbackrest.sidecar.choice.ChosenBackup;
import com.dalibo.pgbackrest.sidecar.failure.TargetUnreachableException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.RecoveryPath;
import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryRecord;
import com.dalibo.pgbackrest.stanza.api.reason.PlanReason;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.cluster.RequestedRecovery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Predicate;

/// Whether the recovery from a chosen backup ends at its target: the WAL is looked through by the
/// rules by which PostgreSQL stops (`recoveryStopsBefore` and `recoveryStopsAfter` in
/// xlogrecovery.c, alike in 14 to 18), and what the restore itself decides about the end of the
/// archive is asked of [ArchiveEnd].
final class TargetSearch {
  /// For a transaction or a restore point, which may be anywhere: 8 GiB of WAL.
  private static final int MOST_SCANNED = 512;

  /// Segments of an idle cluster, in which no transaction ends.
  private static final int MOST_IDLE = 64;

  private final StanzaSession session;
  private final ChosenBackup chosen;
  private final RecoveryPath path;
  private final RequestedRecovery requested;
  private final ArchivedWal wal;
  private final Path scratch;

  TargetSearch(
      StanzaSession session,
      ChosenBackup chosen,
      RecoveryPath path,
      RequestedRecovery requested,
      ArchivedWal wal,
      Path scratch) {
    this.session = session;
    this.chosen = chosen;
    this.path = path;
    this.requested = requested;
    this.wal = wal;
    this.scratch = scratch;
  }

  Verdict verdict() throws PgBackRestException, IOException, InterruptedException {
    if (wal.segments().isEmpty()) {
      return missedAtEnd();
    }
    return switch (requested.request().target()) {
      case RestoreTarget.Latest _ -> toTheEnd("it recovers everything that is archived");
      case RestoreTarget.Immediate _ ->
          Verdict.reached(
              "recovery ends where the backup is consistent",
              last(chosen.backup().wal().size() - 1),
              Optional.empty(),
              Optional.ofNullable(chosen.backup().lsnStop()));
      case RestoreTarget.Time(var instant) -> time(instant);
      case RestoreTarget.Lsn(var position) -> position(position);
      case RestoreTarget.Xid(var xid) ->
          scan(record -> record.kind() == WalRecord.Kind.TRANSACTION && isXid(record, xid));
      case RestoreTarget.Name(var name) ->
          scan(
              record ->
                  record.kind() == WalRecord.Kind.RESTORE_POINT && record.text().equals(name));
    };
  }

  private String last(int index) {
    return wal.segments().get(Math.clamp(index, 0, wal.segments().size() - 1));
  }

  private int end() {
    return wal.segments().size() - 1;
  }

  private static boolean isXid(WalRecord record, String xid) {
    try {
      return record.xid() == (Long.decode(xid.strip()) & 0xFFFFFFFFL);
    } catch (NumberFormatException _) {
      return false;
    }
  }

  private Verdict toTheEnd(String words)
      throws PgBackRestException, IOException, InterruptedException {
    if (!path.missing().isEmpty() || !path.isWhole() || !chosen.silent().isEmpty()) {
      return missedAtEnd();
    }
    return Verdict.reached(words, last(end()), newest(end()), Optional.empty());
  }

  /// When the newest transaction ended that is replayed with a segment.
  Optional<Instant> newest(int index)
      throws PgBackRestException, IOException, InterruptedException {
    for (var back = 0; back < MOST_IDLE && index - back >= 0; back++) {
      var ended = wal.lastTransaction(index - back);
      if (ended.isPresent()) {
        return ended;
      }
    }
    return Optional.empty();
  }

  private Verdict time(Instant instant)
      throws PgBackRestException, IOException, InterruptedException {
    ArchiveEnd.Course course;
    try {
      course =
          new ArchiveEnd(session, chosen, path.segmentSize(), scratch)
              .course(requested, firstTry());
    } catch (TargetUnreachableException unreachable) {
      return path.missing().isEmpty()
          ? Verdict.missed(
              PlanReason.TARGET_BEYOND_ARCHIVE, String.valueOf(unreachable.getMessage()))
          : missedAtEnd();
    }
    if (!course.stop().isEmpty()) {
      return toTheEnd("no transaction is archived after the target, so it ends with the WAL");
    }
    if (newest(end()).filter(ended -> isPast(ended, instant)).isPresent()) {
      return at(instant, firstPast(instant));
    }
    if (path.missing().isEmpty() && path.isWhole() && isKnownUntil(instant)) {
      return toTheEnd("no transaction is archived after the target, so it ends with the WAL");
    }
    return missedAtEnd();
  }

  private RecoveryRecord firstTry() {
    return RecoveryRecord.of(
        new RecoveryRecord.Aim(
            "",
            chosen.stanza().name(),
            chosen.backup().label(),
            requested.way(),
            requested.target()));
  }

  /// What the restore comes to when PostgreSQL has missed the target twice.
  private boolean isKnownUntil(Instant instant) {
    var last = WalFile.parse(last(end()));
    var next =
        WalFile.segment(
            last.timeline(), last.segmentNumber(path.segmentSize()) + 1, path.segmentSize());
    return ArchiveEnd.latestRestorable(chosen, chosen.lastWal().orElse(next))
        .filter(latest -> !instant.isAfter(latest))
        .isPresent();
  }

  /// PostgreSQL stops before a transaction that ended then. It counts microseconds.
  private boolean isPast(Instant ended, Instant target) {
    var micros = target.truncatedTo(ChronoUnit.MICROS);
    return requested.exclusive() ? !ended.isBefore(micros) : ended.isAfter(micros);
  }

  /// The first segment with whose end the target is past, found by halves.
  private int firstPast(Instant instant)
      throws PgBackRestException, IOException, InterruptedException {
    var low = 0;
    var high = end();
    while (low < high) {
      var middle = (low + high) >>> 1;
      if (newest(middle).filter(ended -> isPast(ended, instant)).isPresent()) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return high;
  }

  private Verdict at(Instant instant, int index)
      throws PgBackRestException, IOException, InterruptedException {
    var stop = new Stop(record -> record.ended().filter(e -> isPast(e, instant)).isPresent());
    wal.read(index, stop::see);
    var before = stop.before;
    return Verdict.reached(
        "recovery ends before the first transaction after the target",
        last(index),
        before.isPresent() || index == 0 ? before : newest(index - 1),
        stop.found.map(WalRecord::start));
  }

  private Verdict position(Lsn position)
      throws PgBackRestException, IOException, InterruptedException {
    var number = Long.divideUnsigned(position.value(), path.segmentSize());
    var stop = new Stop(record -> record.start().compareTo(position) >= 0);
    var sequence = new WalSequence();
    for (var index = 0; index <= end(); index++) {
      // A record may begin one segment before the one in which it is found.
      if (WalFile.parse(last(index)).segmentNumber(path.segmentSize()) < number - 1) {
        continue;
      }
      sequence.read(wal.file(index), stop::see);
      if (stop.found.isPresent()) {
        return Verdict.reached(
            "recovery ends at the target", last(index), stop.before, Optional.of(position));
      }
    }
    return missedAtEnd();
  }

  private Verdict scan(Predicate<WalRecord> isTarget)
      throws PgBackRestException, IOException, InterruptedException {
    var backup = chosen.backup();
    var start = backup.lsnStart();
    var consistent = backup.lsnStop();
    var stop =
        new Stop(
            record ->
                isTarget.test(record) && (start == null || record.start().compareTo(start) >= 0));
    var sequence = new WalSequence();
    for (var index = 0; index <= end(); index++) {
      if (index == MOST_SCANNED) {
        return Verdict.unknown(
            PlanReason.PLAN_UNDECIDED,
            "%s is not in the first %d of %d WAL segments after backup '%s', and no more are read; name a later backup in backupID"
                .formatted(
                    requested.target(), MOST_SCANNED, path.segments().size(), backup.label()));
      }
      sequence.read(wal.file(index), stop::see);
      if (stop.found.isEmpty()) {
        continue;
      }
      var found = stop.found.get();
      if (consistent != null && found.start().compareTo(consistent) < 0) {
        return Verdict.missed(
            PlanReason.TARGET_NOT_FOUND,
            "%s is in the WAL of backup '%s' itself, at %s, before the backup is consistent at %s; name an earlier backup in backupID"
                .formatted(requested.target(), backup.label(), found.start(), consistent));
      }
      return Verdict.reached(
          "recovery ends at the target",
          last(index),
          requested.exclusive() ? stop.before : found.ended().or(() -> stop.before),
          Optional.of(found.start()));
    }
    return missedAtEnd();
  }

  /// Why the WAL does not lead to the target.
  private Verdict missedAtEnd() {
    var backup = chosen.backup().label();
    var stanza = chosen.stanza().name();
    if (!chosen.silent().isEmpty()) {
      return Verdict.unknown(
          StanzaReason.REPOSITORY_UNREACHABLE,
          "recovery from backup '%s' needs WAL that only a repository of stanza '%s' may have that cannot be read, and would wait for it: repository %s"
              .formatted(
                  backup, stanza, session.repository(chosen.silent().getFirst().key()).label()));
    }
    var gap = path.gaps().stream().findFirst();
    var isAnother =
        requested.request().target() instanceof RestoreTarget.Xid
            || requested.request().target() instanceof RestoreTarget.Name;
    if (gap.isPresent()) {
      return Verdict.missed(
          isAnother ? PlanReason.TARGET_NOT_FOUND : PlanReason.TARGET_IN_GAP,
          "recovery from backup '%s' comes to a gap before it reaches %s: WAL segment '%s' is in no repository of stanza '%s', but later WAL is"
              .formatted(backup, requested.target(), gap.get().first(), stanza));
    }
    if (!path.isWhole()) {
      return Verdict.unknown(
          PlanReason.PLAN_UNDECIDED,
          "there is more WAL after backup '%s' than a plan reads; name a later backup in backupID"
              .formatted(backup));
    }
    if (isAnother) {
      return Verdict.missed(
          PlanReason.TARGET_NOT_FOUND,
          "%s is not in the WAL after backup '%s'; correct it or, if it is in WAL before the backup, name an earlier backup in backupID"
              .formatted(requested.target(), backup));
    }
    return Verdict.missed(
        PlanReason.TARGET_BEYOND_ARCHIVE,
        "the recovery from backup '%s' cannot reach %s: the archived WAL ends before it%s"
            .formatted(
                backup,
                requested.target(),
                wal.segments().isEmpty() ? "" : ", with segment '%s'".formatted(last(end()))));
  }

  /// The first record of a kind, and the last transaction before it.
  private static final class Stop {
    private final Predicate<WalRecord> isIt;
    private Optional<WalRecord> found = Optional.empty();
    private Optional<Instant> before = Optional.empty();

    Stop(Predicate<WalRecord> isIt) {
      this.isIt = isIt;
    }

    void see(WalRecord record) {
      if (found.isPresent()) {
        return;
      }
      if (isIt.test(record)) {
        found = Optional.of(record);
      } else if (record.ended().isPresent()) {
        before = record.ended();
      }
    }
  }
}
