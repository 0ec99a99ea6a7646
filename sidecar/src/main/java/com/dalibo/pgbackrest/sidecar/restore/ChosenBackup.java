package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.Repository;
import java.util.List;

/// The backup a recovery starts from, where it is, and what has to be in place for it.
///
/// @param tablespaces the names of those in the backup
/// @param history what the recovery will ask about timelines
record ChosenBackup(
    StanzaSession session,
    Repository repository,
    BackupInfo backup,
    List<String> tablespaces,
    HistoryFiles history) {}
