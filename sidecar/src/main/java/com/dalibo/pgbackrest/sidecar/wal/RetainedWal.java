package com.dalibo.pgbackrest.sidecar.wal;

import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.info.StanzaInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The WAL that archive retention leaves in one repository, as `pgbackrest expire` decides it: all
/// since the start of one backup, and of the backups before that only what makes each consistent.
///
/// @param since the backup from which on all is kept; none where all of every backup is
/// @param older the backups before it
public record RetainedWal(Optional<BackupInfo> since, List<BackupInfo> older) {
  private static final RetainedWal ALL = new RetainedWal(Optional.empty(), List.of());

  public static RetainedWal of(Configuration configuration, int repository, StanzaInfo info) {
    var retention = new Retention(configuration, repository);
    var number = retention.number();
    var counted =
        info.backups(repository)
            .filter(retention::counts)
            .sorted(Comparator.comparing(BackupInfo::label).reversed())
            .toList();
    // As long as there are fewer, nothing expires.
    if (number.isEmpty() || counted.size() < number.get()) {
      return ALL;
    }
    // Backups are counted over major upgrades, but WAL goes on within one cluster only.
    var database = counted.getFirst().databaseId();
    var since =
        counted.stream()
            .limit(number.get())
            .filter(backup -> backup.databaseId() == database)
            .toList()
            .getLast();
    return new RetainedWal(
        Optional.of(since),
        info.backups(repository)
            .filter(backup -> backup.databaseId() == database)
            .filter(backup -> backup.label().compareTo(since.label()) < 0)
            .toList());
  }

  boolean includes(String segment) {
    var start = since.map(BackupInfo::archiveStart);
    return start.isEmpty()
        || segment.compareTo(start.get()) >= 0
        || older.stream().anyMatch(backup -> isOf(segment, backup));
  }

  /// Whether what follows the backup is kept too.
  public boolean goesOnAfter(BackupInfo backup) {
    return !older.contains(backup);
  }

  private static boolean isOf(String segment, BackupInfo backup) {
    var start = backup.archiveStart();
    var stop = backup.archiveStop();
    return start != null
        && stop != null
        && segment.compareTo(start) >= 0
        && segment.compareTo(stop) <= 0;
  }

  /// The options, wherever in the Stanza they were set.
  private record Retention(Configuration configuration, int repository) {
    Optional<Integer> number() {
      return option("archive")
          .or(() -> type().equals("diff") ? option("diff") : Optional.empty())
          .map(Integer::valueOf);
    }

    boolean counts(BackupInfo backup) {
      return switch (type()) {
        case "incr" -> true;
        case "diff" -> backup.type() != BackupType.INCR;
        default -> backup.type() == BackupType.FULL;
      };
    }

    private String type() {
      return option("archive-type").orElse("full");
    }

    private Optional<String> option(String name) {
      return configuration.global("repo%d-retention-%s".formatted(repository, name));
    }
  }
}
