package com.dalibo.pgbackrest.sidecar.status;

import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.NOTHING_WAITS;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.NOW;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.WITH_BACKUP;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.archived;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.backup;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.conditions;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.ready;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.repository;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.stanza;
import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Whether a restore can be expected to work.
class ReadyConditionTest {
  @Test
  void aConditionThatStaysKeepsItsTime() throws Exception {
    var stanza =
        stanza("{type: Ready, status: 'True', lastTransitionTime: '2026-11-24T00:00:00Z'}");

    assertThat(ready(conditions(stanza, archived(), WITH_BACKUP)).lastTransitionTime())
        .isEqualTo("2026-11-24T00:00:00Z");
  }

  @Test
  void whatTheOperatorFoundComesFirst() throws Exception {
    var stanza =
        stanza("{type: Valid, status: 'False', reason: NoRetention, message: 'say how long'}");

    var ready = ready(conditions(stanza, archived(), WITH_BACKUP));

    assertThat(ready.status()).isEqualTo("False");
    assertThat(ready.reason()).isEqualTo("NoRetention");
    assertThat(ready.message()).isEqualTo("say how long");
  }

  @Test
  void withoutABackupNothingCanBeRestored() throws Exception {
    var conditions =
        new SidecarConditions(
            stanza(""), List.of(WITH_BACKUP), Set.of(), archived().counts(), NOTHING_WAITS, NOW);

    assertThat(ready(conditions).reason()).isEqualTo("NoBackup");
    assertThat(ready(conditions).message())
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
}
