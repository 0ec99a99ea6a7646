package com.dalibo.pgbackrest.sidecar.status;

import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.NOTHING_WAITS;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.NOW;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.WITH_BACKUP;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.archived;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.conditions;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.ready;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.stanza;
import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.walarchive.ArchivingStatistics;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The conditions of a Stanza to which no Cluster archives.
class InspectedConditionTest {
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

    assertThat(conditions(stanza, archived(), WITH_BACKUP).conditions())
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
}
