package com.dalibo.pgbackrest.sidecar.choice;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.command.ArchiveGet;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.postgres.WalSegment;
import com.dalibo.pgbackrest.selection.BackupSelection;
import com.dalibo.pgbackrest.selection.RestoreTarget;
import com.dalibo.pgbackrest.sidecar.failure.TargetUnreachableException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.RepositoryWal;
import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryRecord;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.cluster.RequestedRecovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The target of a recovery, held against the end of the archived WAL. PostgreSQL fails where the
/// WAL ends before a target, also if nothing was committed between the two. A time is therefore the
/// end of the WAL where the last transaction in it is older, and everything until that time is
/// known to be archived; where that is not known, the time cannot be reached.
///
/// @param segmentSize of the WAL, in bytes
/// @param scratch a directory into which pgBackRest puts what it fetches
public record ArchiveEnd(
    StanzaSession session, ChosenBackup chosen, int segmentSize, Path scratch) {
  /// An idle cluster ends segments in which no transaction is, and after a failover to an instance
  /// whose clock is behind, the last transaction is not the latest.
  private static final int MOST_SEGMENTS = 8;

  private static final Log log = Log.named("restore");

  /// What the recovery is to do about its target.
  ///
  /// @param stop the first segment that is not replayed, where it recovers to the end of the WAL
  ///   before that instead; otherwise empty
  /// @param misses how often it has come to that end short of its target
  public record Course(String stop, int misses) {}

  public Course course(RequestedRecovery requested, RecoveryRecord record)
      throws TargetUnreachableException, IOException, InterruptedException {
    var missed = !record.end().segment().isEmpty() && isStillMissing(record.end().segment());
    return switch (requested.request().target()) {
      case RestoreTarget.Latest _ -> new Course("", 0);
      case RestoreTarget.Time(var instant) -> ofTime(instant, requested, record, missed);
      case RestoreTarget.Lsn(var position) -> ofPosition(position, requested, record, missed);
      case RestoreTarget.Immediate _, RestoreTarget.Xid _, RestoreTarget.Name _ ->
          ofAnother(requested, record, missed);
    };
  }

  private Course ofTime(
      Instant instant, RequestedRecovery requested, RecoveryRecord record, boolean missed)
      throws TargetUnreachableException, IOException, InterruptedException {
    var last = lastTransaction();
    var isBefore =
        last.isPresent()
            ? isBefore(last.get().ended(), instant, requested.exclusive())
            : missed && record.end().misses() > 0;
    if (!isBefore) {
      return new Course("", missed ? record.end().misses() + 1 : 0);
    }
    var known = latestRestorable(chosen, chosen.lastWal().orElse(record.end().segment()));
    if (known.filter(latest -> !instant.isAfter(latest)).isPresent()) {
      log.info(
          "no transaction is archived after the target time, so the recovery ends with the WAL",
          "target",
          requested.target(),
          "archivedUntil",
          known.get());
      return new Course(stop(record), 0);
    }
    throw unreachable(
        chosen.stanza(),
        chosen.info(),
        requested.target(),
        last.map(
                transaction ->
                    "the last transaction in the archived WAL, in segment '%s', ended at %s"
                        .formatted(
                            transaction.segment(),
                            new RestoreTarget.Time(transaction.ended()).text()))
            .orElse("the archived WAL ends before segment '%s'".formatted(record.end().segment())),
        known.or(() -> last.map(Transaction::before)));
  }

  /// What is archived after the newest segment that was looked at may be later than the target.
  private String stop(RecoveryRecord record) {
    if (chosen.lastWal().isEmpty()) {
      return record.end().segment();
    }
    var last = WalFile.parse(chosen.lastWal().get());
    return WalFile.segment(last.timeline(), last.segmentNumber(segmentSize) + 1, segmentSize);
  }

  /// PostgreSQL stops at the first transaction that ended after the time or, where the target is
  /// exclusive, not before it. It counts microseconds.
  private static boolean isBefore(Instant ended, Instant target, boolean exclusive) {
    var micros = target.truncatedTo(ChronoUnit.MICROS);
    return exclusive ? ended.isBefore(micros) : !ended.isAfter(micros);
  }

  private Course ofPosition(
      Lsn position, RequestedRecovery requested, RecoveryRecord record, boolean missed)
      throws TargetUnreachableException {
    if (!missed) {
      return new Course("", 0);
    }
    var end = new Lsn(WalFile.parse(record.end().segment()).end(segmentSize).value() - segmentSize);
    if (position.compareTo(end) > 0 || record.end().misses() > 0) {
      throw missedFor(
          requested, record, "Set recoveryTarget.targetLSN to less than %s".formatted(end));
    }
    return new Course("", record.end().misses() + 1);
  }

  /// Where only PostgreSQL can tell, it is asked once more, on the same data: it may have been
  /// killed when it had come to the end and not yet to its target.
  private Course ofAnother(RequestedRecovery requested, RecoveryRecord record, boolean missed)
      throws TargetUnreachableException {
    if (missed && record.end().misses() > 0) {
      throw missedFor(
          requested,
          record,
          "Correct recoveryTarget, if the target is in WAL before the backup give an earlier"
              + " backupID");
    }
    return new Course("", missed ? record.end().misses() + 1 : 0);
  }

  private TargetUnreachableException missedFor(
      RequestedRecovery requested, RecoveryRecord record, String remedy) {
    return new TargetUnreachableException(
        ("the recovery from backup '%s' came to the end of the archived WAL without reaching %s:"
                + " segment '%s' is in no repository of stanza '%s'. %s, or remove the target to"
                + " recover everything that is archived")
            .formatted(
                record.aim().backup(),
                requested.target(),
                record.end().segment(),
                chosen.stanza().name(),
                remedy));
  }

  /// @param end where the archived WAL ends, in words
  /// @param latest the latest time that the WAL goes to; perhaps no backup leads there, where
  ///   nothing was committed after the only one
  static TargetUnreachableException unreachable(
      Stanza stanza, StanzaInfo info, String target, String end, Optional<Instant> latest) {
    var remedy =
        latest
            .map(RestoreTarget.Time::new)
            .filter(
                time ->
                    info.backups().stream()
                        .anyMatch(
                            backup -> !backup.error() && !BackupSelection.endsAfter(backup, time)))
            .map(
                time ->
                    "Set recoveryTarget.targetTime to '%s', or remove it".formatted(time.text()))
            .orElse("Remove recoveryTarget.targetTime");
    return new TargetUnreachableException(
        ("the recovery cannot reach %s: %s, and nothing shows that stanza '%s' has everything until"
                + " then. %s to recover everything that is archived")
            .formatted(target, end, stanza.name(), remedy));
  }

  /// Until when everything is known to be archived.
  public static Optional<Instant> latestRestorable(ChosenBackup chosen, String lastWal) {
    return latestRestorable(chosen.stanza(), chosen.info(), chosen.backup(), lastWal);
  }

  /// What the status of the Stanza says, which is of the cluster as it is now, where the
  /// repositories still have the WAL that it knows.
  static Optional<Instant> latestRestorable(
      Stanza stanza, StanzaInfo info, BackupInfo backup, String lastWal) {
    var status = stanza.status();
    var latest = status == null ? null : status.latestRestorableTime();
    if (status == null || latest == null || !info.isOfOnlyCluster(backup)) {
      return Optional.empty();
    }
    var repositories =
        status.repositories() == null ? List.<RepositoryStatus>of() : status.repositories();
    var isThere =
        repositories.stream()
            .map(RepositoryStatus::archiveMax)
            .filter(Objects::nonNull)
            .allMatch(known -> known.compareTo(lastWal) <= 0);
    return isThere ? Optional.of(Instant.parse(latest)) : Optional.empty();
  }

  private record Transaction(Instant ended, String segment) {
    /// A time that can be reached: PostgreSQL looks for a transaction that ended after it.
    Instant before() {
      return ended.minus(1, ChronoUnit.MICROS);
    }
  }

  /// The last one that is archived; empty where it is too far away, or cannot be read now.
  private Optional<Transaction> lastTransaction() throws IOException, InterruptedException {
    if (chosen.lastWal().isEmpty()) {
      return Optional.empty();
    }
    var last = WalFile.parse(chosen.lastWal().get());
    var fetched = scratch.resolve("pgbackrest-plugin.segment");
    var found = Optional.<Transaction>empty();
    try {
      for (var back = 0; back < MOST_SEGMENTS; back++) {
        var number = last.segmentNumber(segmentSize) - back;
        var name = WalFile.segment(last.timeline(), number, segmentSize);
        if (number < 0 || !fetch(name, fetched)) {
          return found;
        }
        var ended = WalSegment.lastTransaction(fetched);
        if (ended.isPresent()
            && found.filter(later -> !ended.get().isAfter(later.ended())).isEmpty()) {
          found = Optional.of(new Transaction(ended.get(), name));
        }
      }
      return found;
    } catch (PgBackRestException | IOException trouble) {
      log.info("the last transaction cannot be determined", "cause", trouble.getMessage());
    } finally {
      Files.deleteIfExists(fetched);
    }
    return Optional.empty();
  }

  private boolean fetch(String segment, Path destination)
      throws PgBackRestException, InterruptedException {
    for (var repository : session.numbers()) {
      if (session.pgBackRest().archiveGet(segment, destination, repository) == ArchiveGet.FOUND) {
        return true;
      }
    }
    return false;
  }

  /// Whether no repository has got the segment since.
  private boolean isStillMissing(String segment) throws InterruptedException {
    try {
      var info = session.pgBackRest().info().stanza(session.configuration().stanza());
      if (info.isEmpty()) {
        return false;
      }
      for (var archive : info.get().archives(chosen.backup())) {
        if (RepositoryWal.of(session.pgBackRest(), archive.repositoryKey(), archive.id())
            .writtenAt(segment)
            .isPresent()) {
          return false;
        }
      }
      return info.get().repositories().stream().allMatch(answer -> answer.readable());
    } catch (PgBackRestException trouble) {
      log.info("the end of the archived WAL cannot be told", "cause", trouble.getMessage());
      return false;
    }
  }
}
