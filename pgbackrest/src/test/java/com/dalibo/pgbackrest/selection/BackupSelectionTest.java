package com.dalibo.pgbackrest.selection;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.Captured;
import com.dalibo.pgbackrest.info.ArchiveInfo;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.BackupLock;
import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.info.Info;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.info.StatusCode;
import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.postgres.TargetTimeline;
import com.dalibo.pgbackrest.postgres.TimelineHistory;
import com.dalibo.pgbackrest.postgres.Timelines;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.selection.BackupSelection.Choice;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BackupSelectionTest {
  private static final Instant TEN = Instant.parse("2026-11-22T10:00:00Z");
  private static final Timelines TWO_TIMELINES =
      Timelines.of(List.of(TimelineHistory.parse(2, "1\t0/6000000\tno recovery target\n")));

  private static BackupInfo backup(
      int repository, String label, int timeline, int segment, Instant stop, boolean error) {
    var wal = WalFile.segment(timeline, segment, 16 << 20);
    return new BackupInfo(
        label,
        BackupType.FULL,
        repository,
        1,
        null,
        List.of(),
        wal,
        wal,
        new Lsn(((long) segment << 24) + 0x28),
        new Lsn(((long) segment << 24) + 0x100),
        stop.minusSeconds(30),
        stop,
        1,
        1,
        OptionalLong.empty(),
        OptionalLong.empty(),
        error,
        Map.of());
  }

  private static StanzaInfo stanza(BackupInfo... backups) {
    return new StanzaInfo(
        "main",
        StatusCode.OK,
        "ok",
        BackupLock.FREE,
        List.of(),
        List.of(),
        List.of(
            new ArchiveInfo("17-1", 1, 1, "000000010000000000000001", "0000000200000000000000FF"),
            new ArchiveInfo("17-1", 2, 1, "000000010000000000000001", "0000000200000000000000FF")),
        List.of(backups));
  }

  private static final BackupInfo OLD = backup(1, "old", 1, 4, TEN, false);
  private static final BackupInfo NEW = backup(2, "new", 1, 5, TEN.plusSeconds(3600), false);

  private static Choice choose(StanzaInfo stanza, RestoreTarget target) {
    return BackupSelection.choose(stanza, _ -> Timelines.NONE, RecoveryGoal.of(target));
  }

  private static BackupInfo chosen(Choice choice) {
    assertThat(choice).isInstanceOf(Choice.Chosen.class);
    return ((Choice.Chosen) choice).backup();
  }

  /// What `pgbackrest info` said of two repositories; the second was added after a major upgrade,
  /// so their numbers for the clusters differ.
  private static Choice fromInfo(RestoreTarget target, Optional<String> label) {
    var stanza =
        Info.parse(Captured.resource("info/two-repositories-after-upgrade.json"))
            .stanza("main")
            .orElseThrow();
    return BackupSelection.choose(
        stanza, _ -> Timelines.NONE, new RecoveryGoal(target, new TargetTimeline.Latest(), label));
  }

  @Test
  void anIncrementalBackupThatEndedInAnEarlierSecondThanTheTargetIsChosen() {
    var choice = fromInfo(RestoreTarget.Time.parse("2026-11-23T01:48:29Z"), Optional.empty());

    assertThat(chosen(choice).label()).isEqualTo("20261123-014825F_20261123-014827I");
    assertThat(((Choice.Chosen) choice).others())
        .extracting(BackupInfo::label)
        .containsExactly("20261123-014825F");
  }

  @Test
  void aBackupOfTheTargetsOwnSecondIsPassedOverAndToldSo() {
    var choice = fromInfo(RestoreTarget.Time.parse("2026-11-23T01:48:28.76138Z"), Optional.empty());

    assertThat(chosen(choice).label()).isEqualTo("20261123-014825F");
    assertThat(((Choice.Chosen) choice).passedOver())
        .contains(
            "backup '20261123-014825F_20261123-014827I' ended at 2026-11-23 01:48:28+00 (0/4000120), perhaps later in that second than the target 2026-11-23 01:48:28.76138+00; choose a later target or an earlier backup");
  }

  @Test
  void aLabelThatTwoRepositoriesHaveIsTakenFromTheOneThatCanBeUsed() {
    var late = backup(1, "copied", 3, 8, TEN.plusSeconds(7200), false);
    var whole = backup(2, "copied", 1, 4, TEN, false);
    var request =
        new RecoveryGoal(
            new RestoreTarget.Time(TEN.plusSeconds(60)),
            new TargetTimeline.Latest(),
            Optional.of("copied"));

    var choice = BackupSelection.choose(stanza(late, whole), _ -> Timelines.NONE, request);

    assertThat(chosen(choice)).isEqualTo(whole);
  }

  @Test
  void latestIsTheNewestOfAllRepositories() {
    var choice = choose(stanza(OLD, NEW), new RestoreTarget.Latest());

    assertThat(chosen(choice)).isEqualTo(NEW);
  }

  @Test
  void aTimeIsReachedFromTheNewestBackupBeforeIt() {
    var choice = choose(stanza(OLD, NEW), new RestoreTarget.Time(TEN.plusSeconds(60)));

    assertThat(chosen(choice)).isEqualTo(OLD);
  }

  @Test
  void aTimeWithinTheSecondInWhichABackupEndedIsTooEarlyForIt() {
    var choice =
        choose(stanza(OLD, NEW), new RestoreTarget.Time(TEN.plusSeconds(3600).plusMillis(900)));

    assertThat(chosen(choice)).isEqualTo(OLD);
  }

  @Test
  void aTimeBeforeTheFirstBackupIsExplained() {
    var choice = choose(stanza(OLD), new RestoreTarget.Time(TEN.minusSeconds(60)));

    assertThat(choice)
        .isEqualTo(
            new Choice.None(
                "backup 'old' ended at 2026-11-22 10:00:00+00 (0/4000100), after the target 2026-11-22 09:59:00+00; choose a later target or an earlier backup"));
  }

  @Test
  void aPositionIsReachedFromTheNewestBackupBeforeIt() {
    var choice = choose(stanza(OLD, NEW), new RestoreTarget.Lsn(Lsn.parse("0/5000000")));

    assertThat(chosen(choice)).isEqualTo(OLD);
  }

  @Test
  void aBrokenBackupIsOnlyChosenByName() {
    var broken = backup(1, "broken", 1, 5, TEN.plusSeconds(7200), true);
    var request =
        new RecoveryGoal(
            new RestoreTarget.Latest(), new TargetTimeline.Latest(), Optional.of("broken"));

    assertThat(chosen(choose(stanza(OLD, broken), new RestoreTarget.Latest()))).isEqualTo(OLD);
    assertThat(chosen(BackupSelection.choose(stanza(OLD, broken), _ -> Timelines.NONE, request)))
        .isEqualTo(broken);
  }

  @Test
  void aNameThatIsNotThereIsAnsweredWithThoseThatAre() {
    var request =
        new RecoveryGoal(
            new RestoreTarget.Latest(), new TargetTimeline.Latest(), Optional.of("lost"));

    var choice = BackupSelection.choose(stanza(OLD, NEW), _ -> Timelines.NONE, request);

    assertThat(choice)
        .isEqualTo(new Choice.None("stanza 'main' has no backup 'lost'; it has 'old', 'new'"));
  }

  @Test
  void aTransactionNeedsABackupByName() {
    var choice = choose(stanza(OLD, NEW), new RestoreTarget.Xid("748"));

    assertThat(choice)
        .isEqualTo(
            new Choice.None(
                "only the WAL shows where a transaction or a restore point is; name the backup to start from, one of 'old', 'new'"));
  }

  @Test
  void aBackupOfADeadEndIsPassedOver() {
    var deadEnd = backup(1, "dead-end", 1, 7, TEN.plusSeconds(7200), false);

    var choice =
        BackupSelection.choose(
            stanza(OLD, deadEnd), _ -> TWO_TIMELINES, RecoveryGoal.of(new RestoreTarget.Latest()));

    assertThat(chosen(choice)).isEqualTo(OLD);
  }

  @Test
  void anEarlierTimelineCanBeAskedFor() {
    var deadEnd = backup(1, "dead-end", 1, 7, TEN.plusSeconds(7200), false);
    var request =
        new RecoveryGoal(
            new RestoreTarget.Latest(), new TargetTimeline.Numbered(1), Optional.empty());

    var choice = BackupSelection.choose(stanza(OLD, deadEnd), _ -> TWO_TIMELINES, request);

    assertThat(chosen(choice)).isEqualTo(deadEnd);
  }

  @Test
  void aTimelineThatIsNotThereIsNamed() {
    var request =
        new RecoveryGoal(
            new RestoreTarget.Latest(), new TargetTimeline.Numbered(9), Optional.empty());

    var choice = BackupSelection.choose(stanza(OLD), _ -> TWO_TIMELINES, request);

    assertThat(choice)
        .isEqualTo(
            new Choice.None(
                "the archive has no history of timeline 9; choose a timeline it has: [1, 2]"));
  }

  @Test
  void eachBackupHasTheTimelinesOfItsOwnArchive() {
    var older = backup(1, "older", 2, 4, TEN, false);
    var newer = backup(2, "newer", 1, 5, TEN.plusSeconds(3600), false);
    var request =
        new RecoveryGoal(
            new RestoreTarget.Time(TEN.plusSeconds(60)),
            new TargetTimeline.Numbered(2),
            Optional.empty());

    var choice =
        BackupSelection.choose(
            stanza(older, newer),
            backup -> backup.equals(older) ? TWO_TIMELINES : Timelines.NONE,
            request);

    assertThat(chosen(choice)).isEqualTo(older);
  }

  @Test
  void aBackupOfAnEarlierVersionIsOfferedWhereItEndedBeforeTheTarget() {
    var target = RestoreTarget.Time.parse("2026-11-23T01:48:20Z");

    assertThat(fromInfo(target, Optional.empty()))
        .isInstanceOfSatisfying(
            Choice.None.class,
            none ->
                assertThat(none.reason())
                    .endsWith(
                        "of an earlier version of the cluster ended before it: name it in backupID to recover from that"));
  }

  @Test
  void noBackupAtAllIsExplained() {
    assertThat(choose(stanza(), new RestoreTarget.Latest()))
        .isEqualTo(new Choice.None("stanza 'main' has no backup in any repository"));
  }
}
