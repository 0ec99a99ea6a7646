package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.command.BackupCommand;
import com.dalibo.pgbackrest.command.PgBackRest;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.Retry;
import com.dalibo.pgbackrest.sidecar.session.ProgramLog;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.standby.StandbyBackup;
import com.dalibo.pgbackrest.sidecar.standby.StandbyFailure;
import com.dalibo.pgbackrest.stanza.api.Repository;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Runs `pgbackrest backup`: on the primary, or on a standby with the primary as its peer.
final class BackupRun {
  private static final Duration PROGRESS = Duration.ofSeconds(10);
  private static final int LOCK_ATTEMPTS = 20;
  private static final Log log = Log.named("backup");

  private final StandbyBackup standby;
  private final BackupMemory memory;
  private final Duration lockPause;

  BackupRun(StandbyBackup standby, BackupMemory memory, Duration lockPause) {
    this.standby = standby;
    this.memory = memory;
    this.lockPause = lockPause;
  }

  FoundBackup run(RequestedBackup requested, StanzaSession session, Repository repository)
      throws PgBackRestException, PreconditionException, IOException, InterruptedException {
    var names = names(requested, session, repository);
    log.info("backup started", names);
    var program =
        switch (requested.source()) {
          case BackupSource.Primary _ -> session.pgBackRest();
          case BackupSource.Standby _ -> standby.pgBackRest(requested.cluster(), session);
        };
    try (var _ = memory.take(requested, session)) {
      unlocked(
          program,
          new BackupCommand(
              requested.parameters().type(),
              repository.index(),
              requested.annotations(),
              new ProgramLog(log, PROGRESS, names)));
    }
    return FoundBackup.in(session.info(repository.index()), requested)
        .orElseThrow(
            () ->
                new PreconditionException(
                    ("pgbackrest made backup '%s', but repository %s of stanza '%s' does not list"
                            + " it; check whether its retention is too short, or whether it was expired by hand")
                        .formatted(
                            requested.backup().name(),
                            repository.label(),
                            session.stanza().name())));
  }

  /// A backup that was stopped a moment ago may still hold the lock, as may a stanza-create.
  private void unlocked(PgBackRest program, BackupCommand command)
      throws PgBackRestException, InterruptedException {
    Retry.every(lockPause)
        .run(
            PgBackRestException.class,
            (failure, failed) ->
                StandbyFailure.of(failure).filter(StandbyFailure::passesSoon).isPresent()
                    && failed.number() < LOCK_ATTEMPTS,
            (_, _) -> {},
            () -> program.backup(command));
  }

  static @Nullable Object[] names(
      RequestedBackup requested, StanzaSession session, Repository repository) {
    return session.names(
        repository,
        "backup",
        requested.backup().name(),
        "type",
        requested.parameters().type().label());
  }
}
