package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.info.StatusCode;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.stanza.IncompleteStanza;
import com.dalibo.pgbackrest.sidecar.stanza.StanzaCreation;
import com.dalibo.pgbackrest.sidecar.stanza.StanzaUpgrade;
import com.dalibo.pgbackrest.stanza.api.Repository;
import java.util.Optional;

/// The stanza that a backup needs in its repository: created or upgraded on the primary, required
/// on a standby.
final class BackupStanza {
  private static final Log log = Log.named("backup");

  private final StanzaCreation creation;
  private final StanzaUpgrade upgrade;

  BackupStanza(StanzaCreation creation, StanzaUpgrade upgrade) {
    this.creation = creation;
    this.upgrade = upgrade;
  }

  /// @param info of the repository before the backup
  void ensure(
      RequestedBackup requested,
      Optional<StanzaInfo> info,
      StanzaSession session,
      Repository repository)
      throws Exception {
    if (!create(requested, info, session, repository)) {
      upgrade(requested, info, session, repository);
    }
  }

  /// @return whether there is a new stanza
  private boolean create(
      RequestedBackup requested,
      Optional<StanzaInfo> info,
      StanzaSession session,
      Repository repository)
      throws PgBackRestException, PreconditionException, InterruptedException {
    var code =
        info.flatMap(stanza -> stanza.repository(repository.index()))
            .map(state -> state.code())
            .orElse(StatusCode.MISSING_STANZA_PATH);
    if (code != StatusCode.MISSING_STANZA_PATH && code != StatusCode.MISSING_STANZA_DATA) {
      return false;
    }
    switch (requested.source()) {
      case BackupSource.Primary _ -> {
        creation.create(session, repository.index());
        return true;
      }
      // Two that create it at once would give an encrypted repository two keys.
      case BackupSource.Standby(var primary) -> {
        if (new IncompleteStanza(session.pgBackRest(), repository.index()).lacksBackupInfo()) {
          throw new PreconditionException(
              "repository %s of stanza '%s' has an archive, but no 'backup.info'%s"
                  .formatted(repository.label(), session.stanza().name(), IncompleteStanza.REMEDY));
        }
        throw new PreconditionException(
            ("repository %s of stanza '%s' has no archive yet, which the primary '%s' creates "
                    + "with the first WAL file: create a new Backup when ContinuousArchiving is True on cluster"
                    + " '%s'")
                .formatted(
                    repository.label(),
                    session.stanza().name(),
                    primary,
                    requested.cluster().name()));
      }
    }
  }

  /// A backup may come before the first WAL of an upgraded cluster. pgBackRest refuses a repository
  /// of another cluster, and on a standby the upgrade is left to the primary.
  private void upgrade(
      RequestedBackup requested,
      Optional<StanzaInfo> info,
      StanzaSession session,
      Repository repository)
      throws Exception {
    if (!(requested.source() instanceof BackupSource.Primary)) {
      return;
    }
    var lacking = upgrade.upgrade(requested.cluster(), session, repository.index(), info);
    if (lacking.isPresent()) {
      log.debug(
          "the stanza could not be upgraded",
          "repository",
          repository.label(),
          "cause",
          lacking.get());
    }
  }
}
