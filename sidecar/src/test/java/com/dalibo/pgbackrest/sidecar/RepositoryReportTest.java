package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.program.ArchiveInfo;
import com.dalibo.pgbackrest.program.BackupInfo;
import com.dalibo.pgbackrest.program.BackupLock;
import com.dalibo.pgbackrest.program.BackupType;
import com.dalibo.pgbackrest.program.DatabaseInfo;
import com.dalibo.pgbackrest.program.Expiration;
import com.dalibo.pgbackrest.program.RepositoryInfo;
import com.dalibo.pgbackrest.program.StanzaInfo;
import com.dalibo.pgbackrest.program.StatusCode;
import com.dalibo.pgbackrest.stanza.Repositories;
import com.dalibo.pgbackrest.stanza.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.RunningBackupStatus;
import com.dalibo.pgbackrest.stanza.Stanza;
import com.dalibo.pgbackrest.stanza.VerifyStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RepositoryReportTest {
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

  /// @param newest WAL segment of a repository with a backup that ends in segment 2
  private static RepositoryStatus withBackup(String newest) throws Exception {
    var backup =
        new BackupInfo(
            "20261125-000000F",
            BackupType.FULL,
            1,
            1,
            null,
            List.of(),
            "000000010000000000000002",
            "000000010000000000000002",
            null,
            null,
            Instant.ofEpochSecond(10),
            Instant.ofEpochSecond(20),
            0,
            0,
            OptionalLong.empty(),
            OptionalLong.empty(),
            false,
            Map.of());
    var info =
        new StanzaInfo(
            "main",
            StatusCode.OK,
            "ok",
            BackupLock.FREE,
            List.of(new RepositoryInfo(1, "none", StatusCode.OK, "ok")),
            List.of(new DatabaseInfo(1, 1, 7, "18")),
            List.of(new ArchiveInfo("18-1", 1, 1, "000000010000000000000001", newest)),
            List.of(backup));
    var stanza =
        Stanza.parse(
            """
            {metadata: {name: main}, spec: {stanzaConfiguration: {name: main,
               volumeRepositories: [{claimName: c, repoPath: '/p'}]}}}
            """);
    return new RepositoryReport(
            Repositories.of(stanza.spec()).getFirst(),
            info,
            Optional.empty(),
            new ArchiveRecord().counts(),
            List.of(),
            Optional.empty(),
            Optional.empty())
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
    var stanza =
        Stanza.parse(
            """
            {metadata: {name: main}, spec: {stanzaConfiguration: {name: main,
               volumeRepositories: [{claimName: c, repoPath: '/p'}]}},
             status: {repositories: [%s]}}
            """
                .formatted(before));
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
            new ArchiveRecord().counts(),
            List.of(),
            expiration,
            Optional.ofNullable(verified))
        .status();
  }
}
