package com.dalibo.pgbackrest.sidecar.status;

import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.NOW;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.WITH_BACKUP;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.archived;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.backup;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.conditions;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.ready;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.repository;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.stanza;
import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.wal.ReadyWal;
import com.dalibo.pgbackrest.sidecar.walarchive.ArchivingStatistics;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Whether the sidecar says that WAL is archived.
class ArchivingConditionTest {
  private static final String ALL_WELL =
      "{type: Archiving, status: 'True', reason: Archiving, message: 'WAL is archived'},"
          + " {type: Ready, status: 'True', reason: Ready, message: 'well'}";

  @Test
  void beforeTheFirstSegmentNobodyKnows() throws Exception {
    var ready = ready(conditions(stanza(""), new ArchivingStatistics(), WITH_BACKUP));

    assertThat(ready.status()).isEqualTo("Unknown");
    assertThat(ready.reason()).isEqualTo("NothingArchivedYet");
  }

  @Test
  void aSidecarThatHasJustStartedBelievesItsPredecessor() throws Exception {
    var stanza =
        stanza("{type: Archiving, status: 'False', reason: ArchivingFails, message: 'no space'}");

    var ready = ready(conditions(stanza, new ArchivingStatistics(), WITH_BACKUP));

    assertThat(ready.reason()).isEqualTo("ArchivingFails");
    assertThat(ready.message()).isEqualTo("no space");
  }

  @Test
  void whileARepositoryIsAwayNobodyClaimsThatWalIsArchived() throws Exception {
    var before =
        stanza("{type: Archiving, status: 'True', reason: Archiving, message: 'WAL is archived'}");
    var longAgo = new ArchivingStatistics();
    longAgo.archived(NOW.minusSeconds(61), NOW.minusSeconds(61));

    for (var conditions :
        List.of(
            conditions(before, new ArchivingStatistics(), repository(99, Optional.empty())),
            conditions(before, longAgo, repository(99, Optional.empty())))) {
      assertThat(archiving(conditions))
          .isEqualTo(
              "Unknown RepositoryUnreachable a repository cannot be read, and no WAL has been"
                  + " archived for a minute: PostgreSQL keeps it until every repository has it");
    }
    assertThat(archiving(conditions(before, archived(), repository(99, Optional.empty()))))
        .startsWith("True Archiving");
  }

  @Test
  void aNewPrimaryWhoseWalWaitsDoesNotInheritThatWalIsArchived() throws Exception {
    var before = stanza(ALL_WELL);
    var none = new ArchivingStatistics();

    var waits = conditions(before, none, waitingFor(6), WITH_BACKUP);

    assertThat(archiving(waits))
        .isEqualTo(
            "Unknown ArchivingFails WAL has been waiting to be archived since 2026-11-25T03:59:54Z,"
                + " and nothing has been archived since then: PostgreSQL keeps it; the log of the"
                + " container 'pgbackrest-plugin' has the cause as soon as the attempt has ended");
    assertThat(waits.withdrawn().orElseThrow())
        .filteredOn(condition -> !condition.type().equals("Valid"))
        .extracting(condition -> condition.type() + " " + condition.status())
        .containsExactly("Ready Unknown", "Archiving Unknown");
    assertThat(conditions(before, none, waitingFor(4), WITH_BACKUP).withdrawn()).isEmpty();
    assertThat(conditions(stanza(""), none, waitingFor(6), WITH_BACKUP).withdrawn()).isEmpty();
  }

  @Test
  void walThatWaitsForAMinuteIsNotArchivedAndABacklogThatShrinksIs() throws Exception {
    var before = stanza(ALL_WELL);
    var longAgo = new ArchivingStatistics();
    longAgo.archived(NOW.minusSeconds(61), NOW.minusSeconds(61));

    assertThat(archiving(conditions(before, longAgo, waitingFor(61), WITH_BACKUP)))
        .startsWith("Unknown ArchivingFails");
    assertThat(archiving(conditions(before, longAgo, waitingFor(59), WITH_BACKUP)))
        .startsWith("True Archiving");
    assertThat(archiving(conditions(before, archived(), waitingFor(3600), WITH_BACKUP)))
        .startsWith("True Archiving");
  }

  private static ReadyWal waitingFor(int seconds) {
    return new ReadyWal(1, Optional.of(NOW.minusSeconds(seconds)));
  }

  private static String archiving(SidecarConditions conditions) {
    return conditions.conditions().stream()
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

    assertThat(ready(conditions(stanza(""), archive, WITH_BACKUP)).reason())
        .isEqualTo("WALDropped");
    assertThat(
            ready(conditions(stanza(""), archive, repository(0, backup("2026-11-25T03:31:00Z"))))
                .reason())
        .isEqualTo("Ready");
  }

  @Test
  void droppedWalIsRememberedOverARestart() throws Exception {
    var stanza =
        stanza(
            "{type: Archiving, status: 'False', reason: WALDropped,"
                + " lastTransitionTime: '2026-11-25T03:30:00Z'}");

    assertThat(ready(conditions(stanza, archived(), WITH_BACKUP)).reason()).isEqualTo("WALDropped");
  }
}
