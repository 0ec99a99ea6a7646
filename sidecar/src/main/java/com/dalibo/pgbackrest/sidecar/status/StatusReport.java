package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.info.DatabaseInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.sidecar.wal.ReadyWal;
import com.dalibo.pgbackrest.sidecar.wal.RetainedWal;
import com.dalibo.pgbackrest.sidecar.wal.WalGap;
import com.dalibo.pgbackrest.sidecar.walarchive.ArchivingStatistics;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary;
import com.dalibo.pgbackrest.stanza.api.status.BackupsCount;
import com.dalibo.pgbackrest.stanza.api.status.RecoveryWindow;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.api.status.StatusTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The status of a Stanza after a round, from what was known and what was found; a value from
/// values.
///
/// @param version of pgBackRest
public record StatusReport(
    Stanza stanza,
    List<Repository> repositories,
    Configuration configuration,
    StanzaInfo info,
    ArchivingStatistics.Counts archive,
    ReadyWal waiting,
    SurveyFindings found,
    String version,
    Instant now) {

  private static final Duration RENEWED = Duration.ofMinutes(10);

  /// Complete but for the owner, which is recorded when the first WAL is admitted.
  StanzaStatus status() {
    var all = repositories.stream().map(this::repository).toList();
    var conditions =
        new SidecarConditions(stanza, all, backedUp(all), archive, waiting, now).conditions();
    var last = newest(all, RepositoryStatus::lastBackup);
    return new StanzaStatus(
        stanza.metadata().generation(),
        observedTime(),
        conditions,
        null,
        all,
        "%d/%d".formatted(all.stream().filter(RepositoryStatus::isReachable).count(), all.size()),
        last.map(StatusReport::stop)
            .map(seconds -> Instant.ofEpochSecond(seconds).toString())
            .orElse(null),
        all.stream()
            .map(RepositoryStatus::latestRestorableTime)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse(null),
        version,
        new RecoveryWindow(
            all.stream()
                .map(RepositoryStatus::firstBackup)
                .filter(Objects::nonNull)
                .min(Comparator.comparingLong(StatusReport::stop))
                .orElse(null),
            last.orElse(null)),
        new BackupsCount(
            sum(all, BackupsCount::Full),
            sum(all, BackupsCount::Diff),
            sum(all, BackupsCount::Incr)),
        null,
        new Catalogue(
                repositories,
                info,
                Optional.ofNullable(stanza.status()).map(StanzaStatus::catalogue))
            .status());
  }

  /// Kept for a while, so that a round that found nothing new changes nothing in Kubernetes.
  private String observedTime() {
    return Optional.ofNullable(stanza.status())
        .map(StanzaStatus::observedTime)
        .filter(before -> StatusTime.parse(before).filter(this::isRecent).isPresent())
        .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /// One in the future is of a node whose clock was ahead.
  private boolean isRecent(Instant time) {
    return time.isAfter(now.minus(RENEWED)) && !time.isAfter(now);
  }

  /// After a major upgrade the backups of the old version are no basis for what is written now. A
  /// repository that does not answer is believed.
  private Set<Integer> backedUp(List<RepositoryStatus> all) {
    return all.stream()
        .filter(
            status ->
                status.isReachable()
                    ? hasCurrentBackup(index(status))
                    : status.lastBackup() != null)
        .map(StatusReport::index)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static int index(RepositoryStatus status) {
    return Objects.requireNonNullElse(status.index(), 0);
  }

  private boolean hasCurrentBackup(int repository) {
    var current = info.currentDatabase(repository).map(DatabaseInfo::id);
    return info.backups(repository)
        .anyMatch(
            backup ->
                !backup.error()
                    && info.reachesEnd(backup)
                    && current.filter(id -> id == backup.databaseId()).isPresent());
  }

  private RepositoryStatus repository(Repository repository) {
    var before = before(repository);
    var known =
        before.map(RepositoryStatus::walGaps).orElse(List.of()).stream()
            .map(WalGap::parse)
            .toList();
    return new RepositoryReport(
            repository,
            info,
            before,
            archive,
            RetainedWal.of(configuration, repository.index(), info),
            found.gaps().getOrDefault(repository.index(), known),
            Optional.ofNullable(found.expirations().get(repository.index())),
            Optional.ofNullable(found.verified().get(repository.index())),
            now)
        .status();
  }

  /// What was known of this repository: one that has moved is another.
  private Optional<RepositoryStatus> before(Repository repository) {
    return stanza
        .repositoryStatus(repository.index())
        .filter(known -> repository.storage().location().equals(known.location()));
  }

  private static Optional<BackupSummary> newest(
      List<RepositoryStatus> all, Function<RepositoryStatus, @Nullable BackupSummary> backup) {
    return all.stream()
        .map(backup)
        .filter(Objects::nonNull)
        .max(Comparator.comparingLong(StatusReport::stop));
  }

  private static int sum(List<RepositoryStatus> all, ToIntFunction<BackupsCount> count) {
    return all.stream()
        .map(RepositoryStatus::backupsCount)
        .filter(Objects::nonNull)
        .mapToInt(count)
        .sum();
  }

  private static long stop(BackupSummary backup) {
    return Optional.ofNullable(backup.timestamp()).map(BackupSummary.Timestamps::stop).orElse(0L);
  }
}
