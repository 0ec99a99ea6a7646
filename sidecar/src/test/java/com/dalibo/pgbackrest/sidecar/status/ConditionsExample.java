package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.sidecar.wal.ReadyWal;
import com.dalibo.pgbackrest.sidecar.walarchive.ArchivingStatistics;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.dalibo.pgbackrest.stanza.api.status.VerifyStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A Stanza, its repositories and its archive, and the conditions that come of them.
final class ConditionsExample {
  static final Instant NOW = Instant.parse("2026-11-25T04:00:00Z");
  static final ReadyWal NOTHING_WAITS = new ReadyWal(0, Optional.empty());
  static final RepositoryStatus WITH_BACKUP = repository(0, backup("2026-11-25T03:00:00Z"));

  private ConditionsExample() {}

  static ArchivingStatistics archived() {
    var archive = new ArchivingStatistics();
    archive.archived(NOW, NOW);
    return archive;
  }

  static SidecarConditions conditions(
      Stanza stanza, ArchivingStatistics archive, RepositoryStatus repository) {
    return conditions(stanza, archive, NOTHING_WAITS, repository);
  }

  static SidecarConditions conditions(
      Stanza stanza, ArchivingStatistics archive, ReadyWal waiting, RepositoryStatus repository) {
    return new SidecarConditions(
        stanza, List.of(repository), Set.of(1), archive.counts(), waiting, NOW);
  }

  static StanzaCondition ready(SidecarConditions conditions) {
    return conditions.conditions().stream()
        .filter(condition -> condition.type().equals("Ready"))
        .findFirst()
        .orElseThrow();
  }

  static Optional<BackupSummary> backup(String start) {
    var seconds = Instant.parse(start).getEpochSecond();
    return Optional.of(
        new BackupSummary(
            "20261125-030000F",
            "full",
            null,
            null,
            null,
            new BackupSummary.Timestamps(seconds, seconds)));
  }

  static RepositoryStatus repository(int code, Optional<BackupSummary> backup) {
    return repository(code, backup, null);
  }

  static RepositoryStatus verified(String status, String message) {
    return repository(
        0,
        backup("2026-11-25T03:00:00Z"),
        new VerifyStatus("2026-11-25T03:30:00Z", status, message));
  }

  static RepositoryStatus repository(
      int code, Optional<BackupSummary> backup, VerifyStatus verified) {
    return repository(1, null, code, backup, verified);
  }

  static RepositoryStatus repository(int index, String name, Optional<BackupSummary> backup) {
    return repository(index, name, 0, backup, null);
  }

  static RepositoryStatus repository(
      int index, String name, int code, Optional<BackupSummary> backup, VerifyStatus verified) {
    return new RepositoryStatus(
        name,
        index,
        "s3",
        "s3://one",
        code,
        "ok",
        "none",
        true,
        null,
        null,
        backup.orElse(null),
        null,
        null,
        null,
        null,
        null,
        List.of(),
        verified,
        null,
        null);
  }

  static Stanza stanza(String condition) throws Exception {
    return Stanza.parse(
        """
        {metadata: {name: main, generation: 3}, spec: {stanzaConfiguration: {name: main}},
         status: {conditions: [%s]}}
        """
            .formatted(condition));
  }
}
