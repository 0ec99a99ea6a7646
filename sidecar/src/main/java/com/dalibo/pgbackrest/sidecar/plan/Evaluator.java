package com.dalibo.pgbackrest.sidecar.plan;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.postgres.PlaceholderControlFile;
import com.dalibo.pgbackrest.postgres.WalRecord;
import com.dalibo.pgbackrest.postgres.WalSequence;
import com.dalibo.pgbackrest.sidecar.choice.ChoiceReporter;
import com.dalibo.pgbackrest.sidecar.choice.ChosenBackup;
import com.dalibo.pgbackrest.sidecar.choice.RecoveryChoice;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.failure.TargetUnreachableException;
import com.dalibo.pgbackrest.sidecar.failure.WrongMajorException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.RecoveryPath;
import com.dalibo.pgbackrest.stanza.api.reason.PlanReason;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.cluster.RequestedRecovery;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Asks the choice of the restore, and looks through the WAL from there to the target.
final class Evaluator {
  /// As many segments are read for tablespaces that the WAL creates: 1 GiB.
  private static final int MOST_READ = 64;

  private final StanzaSession session;
  private final Path pgData;
  private final Path scratch;

  /// @param pgData where pgBackRest looks for PostgreSQL, and none is
  Evaluator(StanzaSession session, Path pgData, Path scratch) {
    this.session = session;
    this.pgData = pgData;
    this.scratch = scratch;
  }

  /// What the recovery of the Cluster would come to.
  ///
  /// @throws RepositoriesException where no repository answers
  Evaluation of(Cluster cluster, RequestedRecovery requested)
      throws PgBackRestException, RepositoriesException, IOException, InterruptedException {
    var notes = new Notes();
    try {
      return of(choice(cluster, notes).choose(requested), requested, notes.all);
    } catch (TargetUnreachableException unreachable) {
      return none(PlanReason.TARGET_BEYOND_ARCHIVE, unreachable, notes);
    } catch (WrongMajorException wrong) {
      return none(PlanReason.POSTGRES_MAJOR_DIFFERS, wrong, notes);
    } catch (PreconditionException nothing) {
      return none(StanzaReason.NO_BACKUP, nothing, notes);
    } catch (RepositoriesException none) {
      if (none.reason() == StanzaReason.REPOSITORY_UNREACHABLE) {
        throw none;
      }
      return none(none.reason(), none, notes);
    }
  }

  /// The label of the best backup in one repository.
  String bestLabelOf(int repository, Cluster cluster, RequestedRecovery requested)
      throws PgBackRestException,
          PreconditionException,
          RepositoriesException,
          InterruptedException {
    return choice(cluster, new Notes()).chooseFrom(repository, requested).backup().label();
  }

  private RecoveryChoice choice(Cluster cluster, Notes notes) {
    var reference =
        new StanzaReference(
            StanzaPurpose.RECOVERY, session.stanza().name(), Optional.empty(), Optional.empty());
    return new RecoveryChoice(cluster, reference, session, notes);
  }

  private static Evaluation none(Reason reason, Exception why, Notes notes) {
    return new Evaluation(
        Optional.empty(),
        Optional.empty(),
        Verdict.missed(reason, String.valueOf(why.getMessage())),
        Set.of(),
        notes.all);
  }

  private Evaluation of(ChosenBackup chosen, RequestedRecovery requested, List<String> notes)
      throws PgBackRestException, PreconditionException, IOException, InterruptedException {
    var path =
        RecoveryPath.of(
            session,
            chosen.info(),
            chosen.timelines(),
            chosen.backup(),
            requested.request().timeline());
    if (path.isEmpty()) {
      return new Evaluation(
          Optional.of(chosen),
          path,
          Verdict.unknown(
              PlanReason.PLAN_UNDECIDED,
              "backup '%s' does not say which WAL it needs; name another one in backupID"
                  .formatted(chosen.backup().label())),
          Set.of(),
          notes);
    }
    Files.createDirectories(scratch);
    PlaceholderControlFile.write(
        pgData, major(chosen), chosen.systemIdentifier(), path.get().segmentSize());
    try (var wal = new ArchivedWal(session, chosen.silent(), path.get(), scratch)) {
      var verdict =
          new TargetSearch(session, chosen, path.get(), requested, wal, scratch).verdict();
      return new Evaluation(
          Optional.of(chosen), path, verdict, laterTablespaces(wal, verdict), notes);
    }
  }

  private static int major(ChosenBackup chosen) {
    return chosen
        .info()
        .database(chosen.backup().repositoryKey(), chosen.backup().databaseId())
        .map(database -> Integer.parseInt(database.version()))
        .orElse(0);
  }

  /// Their directories have to be there when the WAL creates them.
  private static Set<String> laterTablespaces(ArchivedWal wal, Verdict verdict)
      throws PgBackRestException, IOException, InterruptedException {
    var names = new TreeSet<String>();
    var end = verdict.last().map(wal.segments()::indexOf).orElse(-1);
    if (end >= MOST_READ) {
      return names;
    }
    var sequence = new WalSequence();
    for (var index = 0; index <= end; index++) {
      sequence.read(
          wal.file(index),
          record -> {
            if (record.kind() == WalRecord.Kind.TABLESPACE) {
              name(record.text()).ifPresent(names::add);
            }
          });
    }
    return names;
  }

  /// CNPG mounts a tablespace at `tablespaces/NAME/data`.
  private static Optional<String> name(String place) {
    return Optional.ofNullable(Path.of(place).getParent())
        .map(Path::getFileName)
        .map(Path::toString);
  }

  private static final class Notes implements ChoiceReporter {
    private final List<String> all = new ArrayList<>();

    @Override
    public void unreachable(String message) {
      all.add(message);
    }

    @Override
    public void passedOver(String reason) {
      all.add(reason);
    }

    @Override
    public void unusable(String message) {
      all.add(message);
    }
  }
}
