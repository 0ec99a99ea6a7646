package com.dalibo.pgbackrest.sidecar.plan;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.selection.RecoveryGoal;
import com.dalibo.pgbackrest.selection.RestoreTarget;
import com.dalibo.pgbackrest.sidecar.choice.ArchiveEnd;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus.Nearest;
import com.dalibo.pgbackrest.stanza.cluster.RequestedRecovery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The targets next to one that cannot be reached: each is evaluated itself before it is given.
final class NearestTargets {
  /// Before the last transaction, as PostgreSQL counts: with it a recovery would look for one after
  /// it.
  private static final long MICROSECOND = 1000;

  private final StanzaSession session;
  private final Evaluator evaluator;
  private final Cluster cluster;
  private final RequestedRecovery requested;
  private final Path scratch;

  NearestTargets(
      StanzaSession session,
      Evaluator evaluator,
      Cluster cluster,
      RequestedRecovery requested,
      Path scratch) {
    this.session = session;
    this.evaluator = evaluator;
    this.cluster = cluster;
    this.requested = requested;
    this.scratch = scratch;
  }

  Nearest of(Evaluation missed)
      throws PgBackRestException, RepositoriesException, IOException, InterruptedException {
    return switch (requested.request().target()) {
      case RestoreTarget.Time _, RestoreTarget.Latest _ ->
          new Nearest(first(timesBefore(missed)), first(timesAfter()));
      case RestoreTarget.Lsn _ ->
          new Nearest(first(positionsBefore(missed)), first(positionsAfter()));
      case RestoreTarget.Immediate _, RestoreTarget.Xid _, RestoreTarget.Name _ ->
          new Nearest(null, null);
    };
  }

  private @Nullable String first(List<? extends RestoreTarget> candidates)
      throws PgBackRestException, RepositoriesException, IOException, InterruptedException {
    for (var candidate : candidates) {
      if (evaluator.of(cluster, with(candidate)).verdict().isPossible()) {
        return switch (candidate) {
          case RestoreTarget.Time(var instant) -> instant.toString();
          case RestoreTarget.Lsn(var position) -> position.toString();
          default -> null;
        };
      }
    }
    return null;
  }

  private RequestedRecovery with(RestoreTarget target) {
    var goal = requested.request();
    return new RequestedRecovery(
        new RecoveryGoal(target, goal.timeline(), goal.backupId()),
        requested.exclusive(),
        Optional.empty(),
        List.of());
  }

  /// From the newest.
  private List<RestoreTarget.Time> timesBefore(Evaluation missed)
      throws PgBackRestException, RepositoriesException, IOException, InterruptedException {
    var base = base(missed);
    if (base.chosen().isEmpty() || base.path().isEmpty()) {
      return List.of();
    }
    var chosen = base.chosen().get();
    var path = base.path().get();
    var known = chosen.lastWal().flatMap(last -> ArchiveEnd.latestRestorable(chosen, last));
    try (var wal = new ArchivedWal(session, chosen.silent(), path, scratch)) {
      var newest =
          wal.segments().isEmpty()
              ? Optional.<Instant>empty()
              : new TargetSearch(session, chosen, path, requested, wal, scratch)
                  .newest(wal.segments().size() - 1);
      return Stream.concat(
              known.stream(), newest.map(ended -> ended.minusNanos(MICROSECOND)).stream())
          .filter(this::isEarlier)
          .sorted(Comparator.reverseOrder())
          .map(RestoreTarget.Time::new)
          .toList();
    }
  }

  private boolean isEarlier(Instant candidate) {
    return !(requested.request().target() instanceof RestoreTarget.Time(var asked))
        || candidate.isBefore(asked);
  }

  /// That of the newest backup, where no backup leads to the target.
  private Evaluation base(Evaluation missed)
      throws PgBackRestException, RepositoriesException, IOException, InterruptedException {
    return missed.chosen().isPresent()
        ? missed
        : evaluator.of(cluster, with(new RestoreTarget.Latest()));
  }

  /// A backup can be restored to the second after it has ended.
  private List<RestoreTarget.Time> timesAfter()
      throws PgBackRestException, RepositoriesException, IOException, InterruptedException {
    return requested.request().target() instanceof RestoreTarget.Time(var asked)
        ? backups().stream()
            .map(backup -> backup.timestampStop().plusSeconds(1))
            .filter(asked::isBefore)
            .sorted()
            .map(RestoreTarget.Time::new)
            .toList()
        : List.of();
  }

  private List<BackupInfo> backups() throws PgBackRestException, InterruptedException {
    var label = requested.request().backupId();
    return session
        .pgBackRest()
        .info()
        .stanza(session.stanza().stanzaName())
        .map(info -> info.backups())
        .orElse(List.of())
        .stream()
        .filter(backup -> !backup.error())
        .filter(backup -> label.isEmpty() || label.get().equals(backup.label()))
        .toList();
  }

  private List<RestoreTarget.Lsn> positionsBefore(Evaluation missed)
      throws PgBackRestException, RepositoriesException, IOException, InterruptedException {
    var base = base(missed);
    if (base.chosen().isEmpty() || base.path().isEmpty()) {
      return List.of();
    }
    var chosen = base.chosen().get();
    var path = base.path().get();
    try (var wal = new ArchivedWal(session, chosen.silent(), path, scratch)) {
      if (wal.segments().isEmpty()) {
        return List.of();
      }
      var last = new Lsn[1];
      wal.read(wal.segments().size() - 1, record -> last[0] = record.start());
      var start = WalFile.parse(wal.segments().getLast()).end(path.segmentSize());
      return Stream.of(last[0] == null ? start : last[0])
          .filter(this::isEarlier)
          .map(RestoreTarget.Lsn::new)
          .toList();
    }
  }

  private boolean isEarlier(Lsn candidate) {
    return requested.request().target() instanceof RestoreTarget.Lsn(var asked)
        && candidate.compareTo(asked) < 0;
  }

  private List<RestoreTarget.Lsn> positionsAfter()
      throws PgBackRestException, InterruptedException {
    return requested.request().target() instanceof RestoreTarget.Lsn(var asked)
        ? backups().stream()
            .flatMap(backup -> Stream.ofNullable(backup.lsnStop()))
            .filter(position -> position.compareTo(asked) > 0)
            .sorted()
            .map(RestoreTarget.Lsn::new)
            .toList()
        : List.of();
  }
}
