package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.BackupInfo;
import com.dalibo.pgbackrest.program.BackupType;
import com.dalibo.pgbackrest.program.StanzaInfo;
import com.dalibo.pgbackrest.stanza.Repository;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// What the metrics tell of one repository.
///
/// @param status the code of `pgbackrest info`, 0 where all is well
/// @param first when the oldest backup ended: nothing before it can be restored
/// @param last when the newest backup ended
record RepositorySummary(
    int index,
    String name,
    int status,
    Map<BackupType, Integer> backups,
    Optional<Instant> first,
    Optional<Instant> last) {

  static RepositorySummary of(Repository repository, StanzaInfo info) {
    var backups = info.backups(repository.index()).filter(backup -> !backup.error()).toList();
    var counts = new EnumMap<BackupType, Integer>(BackupType.class);
    backups.forEach(backup -> counts.merge(backup.type(), 1, Integer::sum));
    var ends = backups.stream().map(BackupInfo::timestampStop).sorted().toList();
    return new RepositorySummary(
        repository.index(),
        repository.name().orElse(""),
        info.repository(repository.index()).map(state -> state.code().number()).orElse(1),
        counts,
        ends.stream().min(Comparator.naturalOrder()),
        ends.stream().max(Comparator.naturalOrder()));
  }
}
