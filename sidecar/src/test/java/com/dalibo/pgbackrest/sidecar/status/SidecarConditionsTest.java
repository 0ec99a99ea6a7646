package com.dalibo.pgbackrest.sidecar.status;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;

class SidecarConditionsTest {
  private static final Instant NOW = Instant.parse("2026-11-25T04:00:00Z");
  private static final String ALL_WELL =
      "{type: Archiving, status: 'True', reason: Archiving, message: 'WAL is archived'},"
          + " {type: Ready, status: 'True', reason: Ready, message: 'well'}";
  private static final ReadyWal NOTHING_WAITS = new ReadyWal(0, Optional.empty());
  private static final RepositoryStatus WITH_BACKUP = repository(0, backup("2026-11-25T03:00:00Z"));

  @Test
  void aConditionThatStaysKeepsItsTime() throws Exception {
    var stanza =
        stanza("{type: Ready, status: 'True', lastTransitionTime: '2026-11-24T00:00:00Z'}");

    assertThat(ready(health(stanza, archived(), WITH_BACKUP)).lastTransitionTime())
        .isEqualTo("2026-11-24T00:00:00Z");
  }

  @Test
  void whatTheOperatorFoundComesFirst() throws Exception {
    var stanza =
        stanza("{type: Valid, status: 'False', reason: NoRetention, message: 'say how long'}");

    var ready = ready(health(stanza, archived(), WITH_BACKUP));

    assertThat(ready.status()).isEqualTo("False");
    assertThat(ready.reason()).isEqualTo("NoRetention");
    assertThat(ready.message()).isEqualTo("say how long");
  }

  @Test
  void beforeTheFirstSegmentNobodyKnows() throws Exception {
    var ready = ready(health(stanza(""), new ArchivingStatistics(), WITH_BACKUP));

    assertThat(ready.status()).isEqualTo("Unknown");
    assertThat(ready.reason()).isEqualTo("NothingArchivedYet");
  }

  @Test
  void aSidecarThatHasJustStartedBelievesItsPredecessor() throws Exception {
    var stanza =
        stanza("{type: Archiving, status: 'False', reason: ArchivingFails, message: 'no space'}");

    var ready = ready(health(stanza, new ArchivingStatistics(), WITH_BACKUP));

    assertThat(ready.reason()).isEqualTo("ArchivingFails");
    assertThat(ready.message()).isEqualTo("no space");
  }

  @Test
  void whileARepositoryIsAwayNobodyClaimsThatWalIsArchived() throws Exception {
    var before =
        stanza("{type: Archiving, status: 'True', reason: Archiving, message: 'WAL is archived'}");
    var longAgo = new ArchivingStatistics();
    longAgo.archived(NOW.minusSeconds(61), NOW.minusSeconds(61));

    for (var health :
        List.of(
            health(before, new ArchivingStatistics(), repository(99, Optional.empty())),
            health(before, longAgo, repository(99, Optional.empty())))) {
      assertThat(archiving(health))
          .isEqualTo(
              "Unknown RepositoryUnreachable a repository cannot be read, and no WAL has been"
                  + " archived for a minute: PostgreSQL keeps it until every repository has it");
    }
    assertThat(archiving(health(before, archived(), repository(99, Optional.empty()))))
        .startsWith("True Archiving");
  }

  @Test
  void aNewPrimaryWhoseWalWaitsDoesNotInheritThatWalIsArchived() throws Exception {
    var before = stanza(ALL_WELL);
    var none = new ArchivingStatistics();

    var waits = health(before, none, waitingFor(6), WITH_BACKUP);

    assertThat(archiving(waits))
        .isEqualTo(
            "Unknown ArchivingFails WAL has been waiting to be archived since 2026-11-25T03:59:54Z,"
                + " and nothing has been archived since then: PostgreSQL keeps it; the log of the"
                + " container 'pgbackrest-plugin' has the cause as soon as the attempt has ended");
    assertThat(waits.withdrawn().orElseThrow())
        .filteredOn(condition -> !condition.type().equals("Valid"))
        .extracting(condition -> condition.type() + " " + condition.status())
        .containsExactly("Ready Unknown", "Archiving Unknown");
    assertThat(health(before, none, waitingFor(4), WITH_BACKUP).withdrawn()).isEmpty();
    assertThat(health(stanza(""), none, waitingFor(6), WITH_BACKUP).withdrawn()).isEmpty();
  }

  @Test
  void walThatWaitsForAMinuteIsNotArchivedAndABacklogThatShrinksIs() throws Exception {
    var before = stanza(ALL_WELL);
    var longAgo = new ArchivingStatistics();
    longAgo.archived(NOW.minusSeconds(61), NOW.minusSeconds(61));

    assertThat(archiving(health(before, longAgo, waitingFor(61), WITH_BACKUP)))
        .startsWith("Unknown ArchivingFails");
    assertThat(archiving(health(before, longAgo, waitingFor(59), WITH_BACKUP)))
        .startsWith("True Archiving");
    assertThat(archiving(health(before, archived(), waitingFor(3600), WITH_BACKUP)))
        .startsWith("True Archiving");
  }

  private static ReadyWal waitingFor(int seconds) {
    return new ReadyWal(1, Optional.of(NOW.minusSeconds(seconds)));
  }

  private static String archiving(SidecarConditions health) {
    return health.conditions().stream()
        .filter(condition -> condition.type().equals("Archiving"))
        .map(found -> found.status() + " " + found.reason() + " " + found.message())
        .findFirst()
        .orElse("");
  }

  @Test
  void droppedWalIsMissedUntilABackupIsStartedAfterIt() throws Exception {
    var archive = archived();
    archive.dropped(Instant.parse("2026-11-25T03:30:00Z"));
    archive.archived(NOW, NOW);

    assertThat(ready(health(stanza(""), archive, WITH_BACKUP)).reason()).isEqualTo("WALDropped");
    assertThat(
            ready(health(stanza(""), archive, repository(0, backup("2026-11-25T03:31:00Z"))))
                .reason())
        .isEqualTo("Ready");
  }

  @Test
  void droppedWalIsRememberedOverARestart() throws Exception {
    var stanza =
        stanza(
            "{type: Archiving, status: 'False', reason: WALDropped,"
                + " lastTransitionTime: '2026-11-25T03:30:00Z'}");

    assertThat(ready(health(stanza, archived(), WITH_BACKUP)).reason()).isEqualTo("WALDropped");
  }

  @Test
  void withoutABackupNothingCanBeRestored() throws Exception {
    var health =
        new SidecarConditions(
            stanza(""), List.of(WITH_BACKUP), Set.of(), archived().counts(), NOTHING_WAITS, NOW);

    assertThat(ready(health).reason()).isEqualTo("NoBackup");
    assertThat(ready(health).message())
        .isEqualTo(
            "WAL is archived, but without a backup nothing can be restored: create a Backup or a"
                + " ScheduledBackup");
  }

  @Test
  void aRepositoryWithoutABackupIsNamedWhileAnotherMakesTheStanzaReady() throws Exception {
    var second = repository(2, "offsite", Optional.empty());

    assertThat(readyWith(second, Set.of(1)))
        .isEqualTo(
            "True: WAL is archived, and there is a backup to restore from; repository 2 (offsite)"
                + " has no backup to restore from: create a Backup or a ScheduledBackup with the"
                + " parameter 'selectedRepository'");
  }

  @Test
  void aRepositoryWhoseBackupsHaveStoppedIsNamed() throws Exception {
    var old = repository(2, "offsite", backup("2026-11-17T02:59:59Z"));
    var weekly = repository(2, "offsite", backup("2026-11-18T03:00:00Z"));

    assertThat(readyWith(old, Set.of(1, 2)))
        .isEqualTo(
            "True: WAL is archived, and there is a backup to restore from; the newest backup of"
                + " repository 2 (offsite) is of 2026-11-17T02:59:59Z: create a Backup or a"
                + " ScheduledBackup with the parameter 'selectedRepository'");
    assertThat(readyWith(weekly, Set.of(1, 2)))
        .isEqualTo("True: WAL is archived, and there is a backup to restore from");
  }

  private static String readyWith(RepositoryStatus second, Set<Integer> backedUp) throws Exception {
    var ready =
        ready(
            new SidecarConditions(
                stanza(""),
                List.of(WITH_BACKUP, second),
                backedUp,
                archived().counts(),
                NOTHING_WAITS,
                NOW));
    return ready.status() + ": " + ready.message();
  }

  @Test
  void whereNoClusterArchivesABackupIsEnough() throws Exception {
    assertThat(inspected(stanza(""), Set.of(1)))
        .isEqualTo("True: no Cluster archives here, and there is a backup to restore from");
    assertThat(inspected(stanza(""), Set.of()))
        .isEqualTo("Unknown: no Cluster archives here, and there is no backup to restore from");
  }

  @Test
  void anInspectionKeepsWhatTheOperatorSaysOfAnOwnerThatIsGone() throws Exception {
    var gone = "{type: Archiving, status: 'False', reason: ClusterGone, message: 'it is gone'}";

    assertThat(inspected(stanza(gone), Set.of(1))).isEqualTo("False: it is gone");
  }

  @Test
  void anOwnerRemovesTheConditionOfTheInspection() throws Exception {
    var stanza = stanza("{type: Inspected, status: 'True', reason: Inspected}");

    assertThat(health(stanza, archived(), WITH_BACKUP).conditions())
        .noneMatch(condition -> condition.type().equals("Inspected"));
  }

  private static String inspected(Stanza stanza, Set<Integer> backedUp) {
    var ready =
        ready(
            new SidecarConditions(
                stanza,
                List.of(WITH_BACKUP),
                backedUp,
                ArchivingStatistics.ofNobody().counts(),
                NOTHING_WAITS,
                NOW));
    return ready.status() + ": " + ready.message();
  }

  @Test
  void damageThatAVerificationFoundIsNotReady() throws Exception {
    var stanza =
        Stanza.parse(
            """
            {metadata: {name: main}, spec: {stanzaConfiguration: {name: main, verify: {every: 1h}}}}
            """);
    var health = health(stanza, archived(), verified("error", "1 missing of 9 files of backup b"));

    assertThat(ready(health).reason()).isEqualTo("VerifyFailed");
    assertThat(ready(health).message())
        .isEqualTo(
            "repository 1: 1 missing of 9 files of backup b; take a new full backup: backups that "
                + "build on damaged files cannot be restored");
    assertThat(verdict(health)).isEqualTo("False VerifyFailed");
    assertThat(verdict(health(stanza, archived(), verified("ok", "whole"))))
        .isEqualTo("True Verified");
    assertThat(verdict(health(stanza, archived(), WITH_BACKUP)))
        .isEqualTo("Unknown NotVerifiedYet");
  }

  @Test
  void withoutVerificationThereIsNoConditionOfIt() throws Exception {
    var stanza = stanza("{type: Verified, status: 'False', reason: VerifyFailed}");
    var health = health(stanza, archived(), verified("error", "damage"));

    assertThat(verdict(health)).isEmpty();
    assertThat(ready(health).reason()).isEqualTo("Ready");
  }

  private static String verdict(SidecarConditions health) {
    return health.conditions().stream()
        .filter(condition -> condition.type().equals("Verified"))
        .map(condition -> condition.status() + " " + condition.reason())
        .findFirst()
        .orElse("");
  }

  private static ArchivingStatistics archived() {
    var archive = new ArchivingStatistics();
    archive.archived(NOW, NOW);
    return archive;
  }

  private static SidecarConditions health(
      Stanza stanza, ArchivingStatistics archive, RepositoryStatus repository) {
    return health(stanza, archive, NOTHING_WAITS, repository);
  }

  private static SidecarConditions health(
      Stanza stanza, ArchivingStatistics archive, ReadyWal waiting, RepositoryStatus repository) {
    return new SidecarConditions(
        stanza, List.of(repository), Set.of(1), archive.counts(), waiting, NOW);
  }

  private static StanzaCondition ready(SidecarConditions health) {
    return health.conditions().stream()
        .filter(condition -> condition.type().equals("Ready"))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<BackupSummary> backup(String start) {
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

  private static RepositoryStatus repository(int code, Optional<BackupSummary> backup) {
    return repository(code, backup, null);
  }

  private static RepositoryStatus verified(String status, String message) {
    return repository(
        0,
        backup("2026-11-25T03:00:00Z"),
        new VerifyStatus("2026-11-25T03:30:00Z", status, message));
  }

  private static RepositoryStatus repository(
      int code, Optional<BackupSummary> backup, VerifyStatus verified) {
    return repository(1, null, code, backup, verified);
  }

  private static RepositoryStatus repository(
      int index, String name, Optional<BackupSummary> backup) {
    return repository(index, name, 0, backup, null);
  }

  private static RepositoryStatus repository(
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

  private static Stanza stanza(String condition) throws Exception {
    return Stanza.parse(
        """
        {metadata: {name: main, generation: 3}, spec: {stanzaConfiguration: {name: main}},
         status: {conditions: [%s]}}
        """
            .formatted(condition));
  }
}
