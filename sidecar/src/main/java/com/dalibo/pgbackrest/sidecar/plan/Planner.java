package com.dalibo.pgbackrest.sidecar.plan;

import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.DatabaseInfo;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.selection.RestoreTarget;
import com.dalibo.pgbackrest.sidecar.choice.ChosenBackup;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.RecoveryPath;
import com.dalibo.pgbackrest.sidecar.wal.WalGap;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlan;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus.End;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus.Nearest;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus.PlannedBackup;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus.PlannedWal;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus.Volume;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus.Volumes;
import com.dalibo.pgbackrest.stanza.api.reason.PlanReason;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.cluster.RequestedRecovery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Makes the status of a plan of what its evaluation found.
final class Planner {
  private static final int MOST_NOTES = 10;
  private static final int MOST_GAPS = 10;

  private final RestorePlan plan;
  private final Optional<String> image;
  private final StanzaSession session;
  private final Evaluator evaluator;
  private final Path scratch;

  /// @param image of PostgreSQL in the Cluster that archives to the Stanza
  /// @param pgData where pgBackRest looks for PostgreSQL, and none is
  /// @param scratch a directory for WAL that is read
  Planner(
      RestorePlan plan, Optional<String> image, StanzaSession session, Path pgData, Path scratch) {
    this.plan = plan;
    this.image = image;
    this.session = session;
    this.evaluator = new Evaluator(session, pgData, scratch);
    this.scratch = scratch;
  }

  PlanAnswer answer()
      throws PgBackRestException, RepositoriesException, IOException, InterruptedException {
    var cluster = new PlannedCluster(plan, image);
    try {
      cluster.require();
      var requested = cluster.requested();
      var repository = plan.spec().repository();
      if (repository != null && requested.request().backupId().isEmpty()) {
        var number = Repositories.select(session.stanza(), repository).index();
        cluster.from(evaluator.bestLabelOf(number, cluster.cluster(), requested));
        requested = cluster.requested();
      }
      return answer(cluster, requested);
    } catch (IllegalArgumentException | InvalidStanzaException invalid) {
      return PlanAnswer.only(
          Verdict.missed(PlanReason.PLAN_INVALID, String.valueOf(invalid.getMessage())));
    } catch (RepositoriesException none) {
      if (none.reason() == StanzaReason.REPOSITORY_UNREACHABLE) {
        throw none;
      }
      return PlanAnswer.only(Verdict.missed(none.reason(), String.valueOf(none.getMessage())));
    } catch (PreconditionException none) {
      return PlanAnswer.only(
          Verdict.missed(PlanReason.TARGET_BEYOND_ARCHIVE, String.valueOf(none.getMessage())));
    }
  }

  private PlanAnswer answer(PlannedCluster cluster, RequestedRecovery requested)
      throws PgBackRestException, RepositoriesException, IOException, InterruptedException {
    var found = evaluator.of(cluster.cluster(), requested);
    var nearest =
        found.verdict().answer().equals("False")
            ? new NearestTargets(session, evaluator, cluster.cluster(), requested, scratch)
                .of(found)
            : null;
    if (found.chosen().isEmpty()) {
      return new PlanAnswer(found.verdict(), status(null, null, null, null, null, null, nearest));
    }
    var chosen = found.chosen().get();
    var needs = needs(found, chosen);
    cluster.with(major(chosen), needs);
    if (requested.request().target() instanceof RestoreTarget.Immediate) {
      // Which CNPG demands.
      cluster.from(chosen.backup().label());
    }
    var verdict = withRoom(found, chosen, needs);
    var wal = found.path().map(path -> wal(path, verdict, chosen, requested)).orElse(null);
    var bytes =
        new Volume(
            chosen.backup().repositorySize().isPresent()
                ? chosen.backup().repositorySize().getAsLong()
                : null,
            chosen.backup().size(),
            wal == null ? null : wal.bytes());
    return new PlanAnswer(
        verdict,
        new RestorePlanStatus(
            null,
            null,
            null,
            null,
            backup(chosen, requested, found.notes()),
            wal,
            found.path().map(path -> timelines(path, verdict)).orElse(null),
            verdict.isPossible() ? end(found, verdict) : null,
            bytes,
            new Volumes(needs.data(), needs.wal().orElse(null), needs.tablespaces()),
            CopyRates.estimate(
                chosen.info().backups(),
                chosen.backup().size(),
                wal == null ? null : wal.segments()),
            nearest,
            cluster.manifest()));
  }

  private static RestorePlanStatus status(
      @Nullable PlannedBackup backup,
      @Nullable PlannedWal wal,
      @Nullable End end,
      @Nullable Volume bytes,
      @Nullable Volumes volumes,
      @Nullable String manifest,
      @Nullable Nearest nearest) {
    return new RestorePlanStatus(
        null, null, null, null, backup, wal, null, end, bytes, volumes, null, nearest, manifest);
  }

  private VolumeNeeds needs(Evaluation found, ChosenBackup chosen) {
    var names = new TreeSet<>(chosen.tablespaces());
    names.addAll(found.laterTablespaces());
    return VolumeNeeds.of(
        chosen.backup().size(),
        found.path().map(RecoveryPath::segmentSize).orElse(1 << 24),
        names,
        plan.spec().storage());
  }

  /// The restore refuses volumes that cannot hold the backup.
  private Verdict withRoom(Evaluation found, ChosenBackup chosen, VolumeNeeds needs) {
    var asked = VolumeNeeds.asked(plan.spec().storage(), needs.tablespaces());
    return found.verdict().isPossible()
            && asked.filter(bytes -> bytes < chosen.backup().size()).isPresent()
        ? Verdict.missed(
            PlanReason.PLAN_INVALID,
            "backup '%s' holds %d MiB and the volumes of spec.storage %d MiB: make storage.size %s or more"
                .formatted(
                    chosen.backup().label(),
                    chosen.backup().size() >> 20,
                    asked.get() >> 20,
                    needs.data()))
        : found.verdict();
  }

  private static Optional<String> major(ChosenBackup chosen) {
    return chosen
        .info()
        .database(chosen.backup().repositoryKey(), chosen.backup().databaseId())
        .map(DatabaseInfo::version);
  }

  private static PlannedBackup backup(
      ChosenBackup chosen, RequestedRecovery requested, List<String> notes) {
    var backup = chosen.backup();
    return new PlannedBackup(
        backup.label(),
        backup.type().label(),
        backup.repositoryKey(),
        chosen.repository().name().orElse(null),
        backup.timestampStart().toString(),
        backup.timestampStop().toString(),
        major(chosen).orElse(null),
        chosen.tablespaces(),
        chosen.because(requested),
        notes.stream().limit(MOST_NOTES).toList());
  }

  private static PlannedWal wal(
      RecoveryPath path, Verdict verdict, ChosenBackup chosen, RequestedRecovery requested) {
    var reachable = path.reach().segments();
    var last =
        requested.request().target() instanceof RestoreTarget.Immediate && verdict.isPossible()
            ? Optional.ofNullable(chosen.backup().archiveStop())
            : verdict.last();
    var count = last.map(reachable::indexOf).orElse(-1) + 1;
    var replayed = count > 0 ? reachable.subList(0, count) : reachable;
    return new PlannedWal(
        path.segments().isEmpty() ? null : path.segments().getFirst(),
        replayed.isEmpty() ? null : replayed.getLast(),
        replayed.size(),
        (long) replayed.size() * path.segmentSize(),
        path.gaps().stream().limit(MOST_GAPS).map(WalGap::toString).toList());
  }

  private static List<Integer> timelines(RecoveryPath path, Verdict verdict) {
    var reachable = path.reach().segments();
    var last = verdict.last().map(reachable::indexOf).orElse(-1);
    var crossed = new ArrayList<Integer>();
    var segments = last < 0 ? reachable : reachable.subList(0, last + 1);
    for (var segment : segments) {
      var timeline = WalFile.parse(segment).timeline();
      if (crossed.isEmpty() || crossed.getLast() != timeline) {
        crossed.add(timeline);
      }
    }
    return List.copyOf(crossed);
  }

  private static End end(Evaluation found, Verdict verdict) {
    var timeline =
        found
            .path()
            .map(path -> timelines(path, verdict))
            .filter(all -> !all.isEmpty())
            .map(List::getLast)
            .orElse(null);
    return new End(
        verdict.time().map(Instant::toString).orElse(null),
        verdict.position().map(Object::toString).orElse(null),
        timeline);
  }

  /// Whole seconds, as the API writes times.
  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
