package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.command.RestoreCommand;
import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.choice.ChosenBackup;
import com.dalibo.pgbackrest.sidecar.choice.SegmentSizeCheck;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.ProgramFailedException;
import com.dalibo.pgbackrest.sidecar.failure.Retry;
import com.dalibo.pgbackrest.sidecar.session.ProgramLog;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryRecord;
import com.dalibo.pgbackrest.stanza.rendering.Rendering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The copy of a chosen backup on the volumes of the cluster, and what is put right in it before
/// CNPG starts PostgreSQL there.
public final class BackupCopy {
  /// With any other type pgBackRest refuses a backup from which the newest history of its
  /// repository does not lead on (`timelineVerify` in timeline.c), whatever timeline the recovery
  /// follows: that is for our own choice to know. What this type writes is removed with the rest
  /// ([CopiedSettings#clean]).
  private static final String UNVERIFIED = "--type=immediate";

  private static final int ATTEMPTS = 6;

  private static final Duration PROGRESS = Duration.ofSeconds(10);
  private static final Log log = Log.named("restore");

  private final Volumes volumes;
  private final StanzaSessions sessions;
  private final int processes;
  private final Duration pause;

  /// @param processes how many copy at once, where the Stanza does not say
  public BackupCopy(Volumes volumes, StanzaSessions sessions, int processes, Duration pause) {
    this.volumes = volumes;
    this.sessions = sessions;
    this.processes = processes;
    this.pause = pause;
  }

  /// Leaves the data directory of the backup beside its place, for [#putInPlace].
  ///
  /// @param earlier what an earlier try left of the same cluster
  void make(Cluster cluster, ChosenBackup chosen, Optional<EarlierTry> earlier) throws Exception {
    requireTablespaces(cluster, chosen);
    SegmentSizeCheck.require(cluster, chosen.backup(), chosen.info().segmentSize(chosen.backup()));
    if (earlier.isPresent()) {
      earlier.get().becomeCopy();
    }
    var isBegun = isBegun();
    if (!isBegun) {
      Volumes.remove(volumes.copy());
      requireSpace(chosen);
      removeLeftOvers(cluster, chosen);
    }
    if (cluster.hasWalStorage()) {
      Files.createDirectories(volumes.wal());
    }
    copy(cluster, chosen, isBegun);
    makeLaterTablespaces(cluster, chosen);
    settings().clean();
  }

  /// Whether pgBackRest may compare and go on: it refuses to where nothing shows what it compares
  /// with.
  private boolean isBegun() {
    return Files.exists(volumes.copy().resolve("PG_VERSION"))
        || Files.exists(volumes.copy().resolve("backup.manifest"));
  }

  /// Puts the whole copy where CNPG looks for it, with the record of its recovery.
  void putInPlace(RecoveryRecord record) throws IOException {
    record.write(volumes.copy());
    Files.move(volumes.copy(), volumes.pgData(), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void requireTablespaces(Cluster cluster, ChosenBackup chosen)
      throws PreconditionException {
    var declared = cluster.tablespaces();
    for (var name : chosen.tablespaces()) {
      if (!declared.contains(name)) {
        throw new PreconditionException(
            "backup '%s' has the tablespace '%s' and cluster '%s' has no volume for it: add it to spec.tablespaces, with the size it needs"
                .formatted(chosen.backup().label(), name, cluster.name()));
      }
    }
  }

  private void requireSpace(ChosenBackup chosen) throws PreconditionException, IOException {
    var free = volumes.freeBytes(chosen.tablespaces());
    if (chosen.backup().size() > free) {
      throw new PreconditionException(
          "backup '%s' holds %d MiB and the volumes have %d MiB free: give the cluster larger ones (spec.storage.size, spec.tablespaces)%s"
              .formatted(
                  chosen.backup().label(), chosen.backup().size() >> 20, free >> 20, taken()));
    }
  }

  private String taken() throws IOException {
    var complete = new DirectoriesAside(volumes).complete();
    return complete.isEmpty()
        ? ""
        : (", or delete it with its volumes and create it again; the room is taken by %s, whose recovery was"
                + " complete when what CNPG did next failed, and nothing is restored over it")
            .formatted(
                complete.stream()
                    .map(directory -> "'" + directory + "'")
                    .collect(Collectors.joining(", ")));
  }

  /// One that was created after the backup is created by the WAL, in a directory that has to be
  /// there.
  private void makeLaterTablespaces(Cluster cluster, ChosenBackup chosen) throws IOException {
    for (var name : cluster.tablespaces()) {
      if (!chosen.tablespaces().contains(name) && volumes.makeTablespace(name)) {
        log.info(
            "created a directory for a tablespace that is not in the backup", "tablespace", name);
      }
    }
  }

  /// There is no copy to go on with, so what is in the other volumes is of no use.
  private void removeLeftOvers(Cluster cluster, ChosenBackup chosen) throws IOException {
    for (var name : chosen.tablespaces()) {
      if (Volumes.empty(volumes.tablespace(name))) {
        log.info("removed what an earlier attempt left in a tablespace", "tablespace", name);
      }
    }
    if (cluster.hasWalStorage() && Volumes.empty(volumes.wal())) {
      log.info(
          "removed what an earlier attempt left in the WAL volume", "directory", volumes.wal());
    }
  }

  /// What was copied before a failure is kept: the next try compares and goes on.
  private void copy(Cluster cluster, ChosenBackup chosen, boolean goesOn) throws Exception {
    var isBegun = new AtomicBoolean(goesOn);
    try {
      repeat(
          cluster,
          chosen,
          "copying again after a failure",
          session -> {
            log.info("copying the backup", names(cluster, chosen, session));
            restore(cluster, chosen, session, isBegun.getAndSet(true));
          });
    } catch (PgBackRestException failure) {
      throw new ProgramFailedException(
          "backup '%s' of repository %s of stanza '%s' cannot be restored"
              .formatted(
                  chosen.backup().label(), chosen.repository().label(), chosen.stanza().name()),
          failure);
    }
  }

  private void restore(Cluster cluster, ChosenBackup chosen, StanzaSession session, boolean isBegun)
      throws PgBackRestException, IOException, InterruptedException {
    if (isBegun) {
      // What an earlier try left of it. Where the backup has it read-only, pgBackRest makes it so
      // and is refused, and what completes the copy then would leave it as it is.
      settings().remove();
    }
    try {
      restoreUnverified(cluster, chosen, session, options(session, isBegun));
    } catch (PgBackRestException failure) {
      if (!ReadOnlySettings.isCauseOf(failure)) {
        throw failure;
      }
      complete(cluster, chosen, session);
    }
  }

  private void restoreUnverified(
      Cluster cluster, ChosenBackup chosen, StanzaSession session, List<String> options)
      throws PgBackRestException, InterruptedException {
    options.add(UNVERIFIED);
    try (var _ = new ReadOnlySettings(volumes.copy())) {
      session.pgBackRest().restore(command(cluster, chosen, session, options));
    }
  }

  /// What leaves the settings alone verifies the newest history. Where it refuses that, the files
  /// are compared once more: the settings are there from the beginning then, and are made writable
  /// while that lasts.
  private void complete(Cluster cluster, ChosenBackup chosen, StanzaSession session)
      throws PgBackRestException, InterruptedException {
    log.info("completing the copy without a write to its read-only settings");
    var options = options(session, true);
    options.add("--type=preserve");
    try {
      session.pgBackRest().restore(command(cluster, chosen, session, options));
    } catch (PgBackRestException refusal) {
      if (refusal.errorCode() != ErrorCode.DB_MISMATCH) {
        throw refusal;
      }
      log.info("completing the copy with its settings made writable");
      restoreUnverified(cluster, chosen, session, options(session, true));
    }
  }

  /// Each try reads the Stanza and its Secrets again: a copy takes hours, and keys and tokens
  /// change meanwhile.
  private void repeat(Cluster cluster, ChosenBackup chosen, String again, Step step)
      throws Exception {
    var _ =
        Retry.every(pause)
            .call(
                Exception.class,
                (failure, failed) -> Retry.mayPass(failure) && failed.number() < ATTEMPTS,
                (failure, _) -> log.warning(again, "cause", failure.getMessage()),
                () ->
                    sessions.with(
                        cluster,
                        chosen.reference(),
                        session -> {
                          chosen.requireSamePlace(session);
                          step.run(session);
                          return chosen;
                        }));
  }

  private interface Step {
    void run(StanzaSession session)
        throws PgBackRestException, PreconditionException, IOException, InterruptedException;
  }

  private List<String> options(StanzaSession session, boolean isBegun) {
    List<String> options = new ArrayList<>();
    if (!Rendering.saysProcesses(session.stanza(), "restore")) {
      options.add("--process-max=" + processes);
    }
    if (isBegun) {
      options.add("--delta");
    }
    return options;
  }

  private RestoreCommand command(
      Cluster cluster, ChosenBackup chosen, StanzaSession session, List<String> options) {
    return new RestoreCommand(
        chosen.repository().index(),
        chosen.backup().label(),
        volumes.copy(),
        // Without a volume for WAL a link in the backup becomes a directory, as it should.
        cluster.hasWalStorage() ? Map.of("pg_wal", volumes.wal().toString()) : Map.of(),
        volumes.tablespaceMap(chosen.tablespaces()),
        options,
        new ProgramLog(log, PROGRESS, names(cluster, chosen, session)));
  }

  private static @Nullable Object[] names(
      Cluster cluster, ChosenBackup chosen, StanzaSession session) {
    return session.names(
        chosen.repository(), "cluster", cluster.name(), "backupLabel", chosen.backup().label());
  }

  /// Whether PostgreSQL heeds a target time that CNPG writes.
  void setTarget(boolean heeded) throws IOException {
    new CopiedSettings(volumes.pgData()).setTarget(heeded);
  }

  /// Whether the copy brings a time zone of its own, which is not UTC.
  boolean bringsAnotherZone() throws IOException {
    return settings().haveAnotherZone();
  }

  private CopiedSettings settings() {
    return new CopiedSettings(volumes.copy());
  }

  /// So that the next try has the room.
  void discard() throws IOException {
    Volumes.remove(volumes.copy());
  }

  /// The copy may have taken hours; it is not given up for a failure that may pass.
  void placeHistory(Cluster cluster, ChosenBackup chosen) throws Exception {
    var names = chosen.history().names();
    if (names.isEmpty()) {
      return;
    }
    repeat(
        cluster,
        chosen,
        "fetching timeline histories again",
        session -> chosen.history().fetch(session, volumes.pgData().resolve("pg_wal")));
    log.info("put timeline histories in place", "files", String.join(", ", names));
  }
}
