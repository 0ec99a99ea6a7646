package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.DatabaseInfo;
import com.dalibo.pgbackrest.info.RepositoryInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary;
import com.dalibo.pgbackrest.stanza.api.status.CatalogueStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The backups of all repositories, as many as a status may hold. Of a repository that does not
/// answer, those that were known.
///
/// @param before the catalogue so far
record Catalogue(List<Repository> repositories, StanzaInfo info, Optional<CatalogueStatus> before) {
  /// With them a status has some 30 kB; an object may have 1.5 MB.
  static final int MOST = 50;

  private static final int MOST_ANNOTATIONS = 10;
  private static final int LONGEST_ANNOTATION = 100;

  CatalogueStatus status() {
    var all =
        repositories.stream()
            .flatMap(this::entries)
            .sorted(
                Comparator.comparing(Catalogue::stop)
                    .thenComparing(entry -> Objects.toString(entry.label(), ""))
                    .reversed()
                    .thenComparing(entry -> Objects.requireNonNullElse(entry.repository(), 0)))
            .toList();
    return new CatalogueStatus(
        all.stream().limit(MOST).toList(), Math.max(all.size() - MOST, older()));
  }

  /// Those that were not listed may be of a repository that does not answer.
  private int older() {
    return repositories.stream().allMatch(this::isAnswered)
        ? 0
        : before.map(CatalogueStatus::older).orElse(0);
  }

  private boolean isAnswered(Repository repository) {
    return info.repository(repository.index()).filter(RepositoryInfo::readable).isPresent();
  }

  private Stream<CatalogueStatus.Entry> entries(Repository repository) {
    return isAnswered(repository)
        ? info.backups(repository.index()).map(this::entry)
        : before.map(CatalogueStatus::backups).orElse(List.of()).stream()
            .filter(entry -> Objects.equals(entry.repository(), repository.index()));
  }

  private CatalogueStatus.Entry entry(BackupInfo backup) {
    var start = backup.archiveStart();
    return new CatalogueStatus.Entry(
        backup.label(),
        backup.repositoryKey(),
        backup.type().label(),
        backup.prior(),
        backup.timestampStart().toString(),
        backup.timestampStop().toString(),
        backup.size(),
        backup.repositoryDelta().isPresent() ? backup.repositoryDelta().getAsLong() : null,
        info.database(backup.repositoryKey(), backup.databaseId())
            .map(DatabaseInfo::version)
            .orElse(null),
        start == null ? null : WalFile.parse(start).timeline(),
        start == null ? null : new BackupSummary.Range(start, backup.archiveStop()),
        backup.error(),
        annotations(backup));
  }

  /// Whoever may take a backup by pgBackRest itself may write as many as they like.
  private static @Nullable Map<String, String> annotations(BackupInfo backup) {
    var some = new TreeMap<String, String>();
    backup.annotations().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .limit(MOST_ANNOTATIONS)
        .forEach(entry -> some.put(shortened(entry.getKey()), shortened(entry.getValue())));
    return some.isEmpty() ? null : some;
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_ANNOTATION ? text : text.substring(0, LONGEST_ANNOTATION);
  }

  private static Instant stop(CatalogueStatus.Entry entry) {
    return Optional.ofNullable(entry.stopTime()).map(Instant::parse).orElse(Instant.EPOCH);
  }
}
