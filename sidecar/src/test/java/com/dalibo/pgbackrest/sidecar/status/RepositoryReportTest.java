package com.dalibo.pgbackrest.sidecar.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.command.Expiration;
import com.dalibo.pgbackrest.info.ArchiveInfo;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.BackupLock;
import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.info.DatabaseInfo;
import com.dalibo.pgbackrest.info.RepositoryInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.info.StatusCode;
import com.dalibo.pgbackrest.sidecar.wal.RetainedWal;
import com.dalibo.pgbackrest.sidecar.wal.WalGap;
import com.dalibo.pgbackrest.sidecar.walarchive.ArchivingStatistics;
import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.RunningBackupStatus;
import com.dalibo.pgbackrest.stanza.api.status.VerifyStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RepositoryReportTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private static final BackupLock HELD = new BackupLock(true, List.of());

  private static final String BEFORE =
      """
      {index: 1, runningBackup: {size: 200, completed: 100, percent: 50},
       lastVerify: {time: '2026-11-25T10:00:00Z', status: ok},
       willExpire: {backups: [], archives: ['000000010000000000000001']}}
      """;

  @Test
  void aRunningBackupIsCountedInPercent() throws Exception {
    var lock =
        new BackupLock(true, List.of(new BackupLock.Progress(1, 4_000_000_000L, 3_000_000_000L)));

    assertThat(report(lock, BEFORE).runningBackup())
        .isEqualTo(new RunningBackupStatus(4_000_000_000L, 3_000_000_000L, 75));
  }

  @Test
  void theLockOfAnotherInstancesBackupKeepsWhatThatOneHasSaid() throws Exception {
    assertThat(report(HELD, BEFORE).runningBackup())
        .isEqualTo(new RunningBackupStatus(200L, 100L, 50));
    assertThat(report(BackupLock.FREE, BEFORE).runningBackup()).isNull();
  }

  @Test
  void theYoungerVerificationCounts() throws Exception {
    assertThat(report("2026-11-25T09:00:00Z").time()).isEqualTo("2026-11-25T10:00:00Z");
    assertThat(report("2026-11-25T11:00:00Z").time()).isEqualTo("2026-11-25T11:00:00Z");
  }

  @Test
  void whatWillExpireStaysUntilItIsAskedAgainOrABackupWasMade() throws Exception {
    assertThat(report(BackupLock.FREE, BEFORE).willExpire().archives())
        .containsExactly("000000010000000000000001");
    assertThat(
            report(BackupLock.FREE, BEFORE.replace("{index", "{lastBackup: {label: x}, index"))
                .willExpire())
        .isNull();
    assertThat(
            report(BackupLock.FREE, BEFORE, Optional.of(new Expiration(List.of(), List.of())), null)
                .willExpire())
        .isNull();
  }

  @Test
  void aBackupCountsWhenItsLastWalIsThere() throws Exception {
    assertThat(withBackup("000000010000000000000001").lastBackup()).isNull();
    assertThat(withBackup("000000010000000000000001").latestRestorableTime()).isNull();
    assertThat(withBackup("000000010000000000000002").lastBackup().label())
        .isEqualTo("20261125-000000F");
    assertThat(withBackup("000000020000000000000003").backupsCount().Full()).isEqualTo(1);
  }

  /// A target until then would be taken for archived, and the recovery would end before it.
  @Test
  void noClockThatIsAheadSaysUntilWhenEverythingIsArchived() throws Exception {
    assertThat(latest("2026-11-25T10:00:00Z", Instant.EPOCH)).isEqualTo("2026-11-25T10:00:00Z");
    assertThat(latest("2026-11-25T10:00:00Z", Instant.parse("2026-11-25T11:00:00Z")))
        .isEqualTo("2026-11-25T11:00:00Z");
    assertThat(latest("2026-11-25T12:00:01Z", Instant.parse("2026-11-25T11:00:00Z")))
        .isEqualTo("2026-11-25T11:00:00Z");
    assertThat(latest("2026-11-26T00:00:00Z", Instant.parse("2026-11-27T00:00:00Z")))
        .isEqualTo("1970-01-01T00:00:20Z");
    assertThat(latest("yesterday", Instant.EPOCH)).isEqualTo("1970-01-01T00:00:20Z");
  }

  private static String latest(String before, Instant archivedUntil) throws Exception {
    var archive = new ArchivingStatistics();
    archive.archived(NOW, archivedUntil);
    return withBackups(
            List.of(backup("20261125-000000F", 1, 2)),
            "000000010000000000000002",
            new RetainedWal(Optional.empty(), List.of()),
            List.of(),
            "{index: 1, latestRestorableTime: '%s'}".formatted(before),
            archive)
        .latestRestorableTime();
  }

  @Test
  void anyTimeCanBeRestoredSinceTheOldestBackupWithAllWalAfterIt() throws Exception {
    var old = backup("20261123-000000F", 0, 2);
    var first = backup("20261123-120000F", 1, 2);
    var second = backup("20261124-000000F", 1, 4);
    var third = backup("20261125-000000F", 1, 6);
    var backups = List.of(first, second, third);
    var all = new RetainedWal(Optional.empty(), List.of());

    assertThat(earliest(backups, all)).isEqualTo(first.timestampStop());
    assertThat(earliest(backups, new RetainedWal(Optional.of(second), List.of(first))))
        .isEqualTo(second.timestampStop());
    assertThat(earliest(backups, all, "000000010000000000000005")).isEqualTo(third.timestampStop());
    assertThat(earliest(backups, all, "000000010000000000000007")).isEqualTo(third.timestampStop());
    assertThat(earliest(List.of(old, second, third), all)).isEqualTo(second.timestampStop());
  }

  private static Instant earliest(List<BackupInfo> backups, RetainedWal kept, String... missing)
      throws Exception {
    var gaps = Stream.of(missing).map(WalGap::parse).toList();
    var status = withBackups(backups, "000000010000000000000009", kept, gaps);
    return Instant.parse(status.earliestRestorableTime());
  }

  /// A full backup that needs one segment.
  private static BackupInfo backup(String label, int database, int segment) {
    var name = "0000000100000000%08X".formatted(segment);
    return new BackupInfo(
        label,
        BackupType.FULL,
        1,
        database,
        null,
        List.of(),
        name,
        name,
        null,
        null,
        Instant.ofEpochSecond(10L * segment - 10),
        Instant.ofEpochSecond(10L * segment),
        0,
        0,
        OptionalLong.empty(),
        OptionalLong.empty(),
        false,
        Map.of());
  }

  /// @param newest WAL segment of a repository with a backup that ends in segment 2
  private static RepositoryStatus withBackup(String newest) throws Exception {
    return withBackups(
        List.of(backup("20261125-000000F", 1, 2)),
        newest,
        new RetainedWal(Optional.empty(), List.of()),
        List.of());
  }

  private static RepositoryStatus withBackups(
      List<BackupInfo> backups, String newest, RetainedWal kept, List<WalGap> gaps)
      throws Exception {
    return withBackups(backups, newest, kept, gaps, "{}", new ArchivingStatistics());
  }

  private static RepositoryStatus withBackups(
      List<BackupInfo> backups,
      String newest,
      RetainedWal kept,
      List<WalGap> gaps,
      String before,
      ArchivingStatistics archive)
      throws Exception {
    var info =
        new StanzaInfo(
            "main",
            StatusCode.OK,
            "ok",
            BackupLock.FREE,
            List.of(new RepositoryInfo(1, "none", StatusCode.OK, "ok")),
            List.of(new DatabaseInfo(1, 1, 7, "18")),
            List.of(
                new ArchiveInfo("17-0", 1, 0, "000000010000000000000001", newest),
                new ArchiveInfo("18-1", 1, 1, "000000010000000000000001", newest)),
            backups);
    var stanza = stanza(before);
    return new RepositoryReport(
            Repositories.of(stanza.spec()).getFirst(),
            info,
            Optional.of(stanza.status().repositories().getFirst()),
            archive.counts(),
            kept,
            gaps,
            Optional.empty(),
            Optional.empty(),
            NOW)
        .status();
  }

  private static VerifyStatus report(String verifiedAt) throws Exception {
    return report(
            BackupLock.FREE, BEFORE, Optional.empty(), new VerifyStatus(verifiedAt, "ok", "whole"))
        .lastVerify();
  }

  private static RepositoryStatus report(BackupLock lock, String before) throws Exception {
    return report(lock, before, Optional.empty(), null);
  }

  private static RepositoryStatus report(
      BackupLock lock, String before, Optional<Expiration> expiration, VerifyStatus verified)
      throws Exception {
    var stanza = stanza(before);
    var info =
        new StanzaInfo(
            "main",
            StatusCode.OK,
            "ok",
            lock,
            List.of(new RepositoryInfo(1, "none", StatusCode.OK, "ok")),
            List.of(),
            List.of(),
            List.of());
    return new RepositoryReport(
            Repositories.of(stanza.spec()).getFirst(),
            info,
            Optional.of(stanza.status().repositories().getFirst()),
            new ArchivingStatistics().counts(),
            new RetainedWal(Optional.empty(), List.of()),
            List.of(),
            expiration,
            Optional.ofNullable(verified),
            Instant.now())
        .status();
  }

  private static Stanza stanza(String repository) throws Exception {
    return Stanza.parse(
        """
        {metadata: {name: main}, spec: {stanzaConfiguration: {name: main,
           volumeRepositories: [{claimName: c, repoPath: '/p'}]}},
         status: {repositories: [%s]}}
        """
            .formatted(repository));
  }
}
