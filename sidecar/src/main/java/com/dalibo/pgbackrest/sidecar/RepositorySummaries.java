package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.Cluster;
import com.dalibo.pgbackrest.program.BackupInfo;
import com.dalibo.pgbackrest.program.BackupType;
import com.dalibo.pgbackrest.program.StanzaInfo;
import com.dalibo.pgbackrest.stanza.Purpose;
import com.dalibo.pgbackrest.stanza.Repository;
import com.dalibo.pgbackrest.stanza.StanzaReferences;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;

/// What `pgbackrest info` says of the repositories a cluster archives to; nothing for a cluster
/// that does not archive here.
final class RepositorySummaries implements RepositoryWatch.Question {
  private final StanzaSessions sessions;

  RepositorySummaries(StanzaSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public List<RepositorySummary> ask(Cluster cluster) throws Exception {
    var reference = StanzaReferences.of(cluster).find(Purpose.ARCHIVE);
    if (reference.isEmpty()) {
      return List.of();
    }
    var session = sessions.open(cluster, reference.get());
    return session
        .pgBackRest()
        .info()
        .stanza(session.stanza().stanzaName())
        .map(info -> session.repositories().stream().map(r -> summary(r, info)).toList())
        .orElse(List.of());
  }

  static RepositorySummary summary(Repository repository, StanzaInfo info) {
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
