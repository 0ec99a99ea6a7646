package com.dalibo.pgbackrest.sidecar.plan;

import com.dalibo.pgbackrest.sidecar.choice.ChosenBackup;
import com.dalibo.pgbackrest.sidecar.wal.RecoveryPath;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a recovery would come to.
///
/// @param chosen empty where no backup could be chosen
/// @param path empty where the backup does not say which WAL it needs
/// @param laterTablespaces those that the WAL creates
/// @param notes why newer backups were passed over, and what else was met
record Evaluation(
    Optional<ChosenBackup> chosen,
    Optional<RecoveryPath> path,
    Verdict verdict,
    Set<String> laterTablespaces,
    List<String> notes) {}
