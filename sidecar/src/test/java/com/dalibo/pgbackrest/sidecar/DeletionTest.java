package com.dalibo.pgbackrest.sidecar;

import static com.dalibo.pgbackrest.stanza.DeletionPolicy.EXPIRE_BACKUP;
import static com.dalibo.pgbackrest.stanza.DeletionPolicy.RETAIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeletionTest {

  @Test
  void anObjectIsHeldBeforeItIsDeleted() {
    assertThat(Deletion.of(object(false, false), true, EXPIRE_BACKUP, false))
        .isEqualTo(Deletion.HOLD);
    assertThat(Deletion.of(object(false, false), false, EXPIRE_BACKUP, false))
        .isEqualTo(Deletion.NOTHING);
    assertThat(Deletion.of(object(false, false), true, RETAIN, false)).isEqualTo(Deletion.NOTHING);
  }

  @Test
  void onlyADeletedObjectThatIsOursTakesItsBackupAlong() {
    assertThat(Deletion.of(object(true, true), true, EXPIRE_BACKUP, false))
        .isEqualTo(Deletion.EXPIRE);
    assertThat(Deletion.of(object(true, true), false, EXPIRE_BACKUP, false))
        .isEqualTo(Deletion.RELEASE);
    assertThat(Deletion.of(object(false, true), true, EXPIRE_BACKUP, false))
        .isEqualTo(Deletion.NOTHING);
    assertThat(Deletion.of(object(true, false), true, EXPIRE_BACKUP, false))
        .isEqualTo(Deletion.NOTHING);
  }

  @Test
  void aClusterThatIsDeletedLeavesItsBackups() {
    assertThat(Deletion.of(object(true, true), true, EXPIRE_BACKUP, true))
        .isEqualTo(Deletion.RELEASE);
  }

  @Test
  void aPolicyThatIsTakenBackHoldsNothing() {
    assertThat(Deletion.of(object(true, true), true, RETAIN, false)).isEqualTo(Deletion.RELEASE);
    assertThat(Deletion.of(object(false, true), false, RETAIN, false)).isEqualTo(Deletion.RELEASE);
  }

  private static BackupObject object(boolean beingDeleted, boolean held) {
    return new BackupObject(
        "b",
        "u",
        "1",
        beingDeleted,
        held ? List.of("another", Deletion.FINALIZER) : List.of("another"),
        "demo",
        "completed",
        "20261125-000000F",
        Map.of());
  }
}
