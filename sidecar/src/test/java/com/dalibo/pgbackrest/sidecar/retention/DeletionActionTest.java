package com.dalibo.pgbackrest.sidecar.retention;

import static com.dalibo.pgbackrest.stanza.api.DeletionPolicy.EXPIRE_BACKUP;
import static com.dalibo.pgbackrest.stanza.api.DeletionPolicy.RETAIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.contract.SidecarContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeletionActionTest {

  @Test
  void anObjectIsHeldBeforeItIsDeleted() {
    assertThat(DeletionAction.of(object(false, false), true, EXPIRE_BACKUP, false))
        .isEqualTo(DeletionAction.HOLD);
    assertThat(DeletionAction.of(object(false, false), false, EXPIRE_BACKUP, false))
        .isEqualTo(DeletionAction.NOTHING);
    assertThat(DeletionAction.of(object(false, false), true, RETAIN, false))
        .isEqualTo(DeletionAction.NOTHING);
  }

  @Test
  void onlyADeletedObjectThatIsOursTakesItsBackupAlong() {
    assertThat(DeletionAction.of(object(true, true), true, EXPIRE_BACKUP, false))
        .isEqualTo(DeletionAction.EXPIRE);
    assertThat(DeletionAction.of(object(true, true), false, EXPIRE_BACKUP, false))
        .isEqualTo(DeletionAction.RELEASE);
    assertThat(DeletionAction.of(object(false, true), true, EXPIRE_BACKUP, false))
        .isEqualTo(DeletionAction.NOTHING);
    assertThat(DeletionAction.of(object(true, false), true, EXPIRE_BACKUP, false))
        .isEqualTo(DeletionAction.NOTHING);
  }

  @Test
  void aClusterThatIsDeletedLeavesItsBackups() {
    assertThat(DeletionAction.of(object(true, true), true, EXPIRE_BACKUP, true))
        .isEqualTo(DeletionAction.RELEASE);
  }

  @Test
  void aPolicyThatIsTakenBackHoldsNothing() {
    assertThat(DeletionAction.of(object(true, true), true, RETAIN, false))
        .isEqualTo(DeletionAction.RELEASE);
    assertThat(DeletionAction.of(object(false, true), false, RETAIN, false))
        .isEqualTo(DeletionAction.RELEASE);
  }

  private static BackupObject object(boolean beingDeleted, boolean held) {
    return new BackupObject(
        "b",
        "u",
        "1",
        beingDeleted,
        held ? List.of("another", SidecarContract.FINALIZER) : List.of("another"),
        "demo",
        "completed",
        "20261125-000000F",
        Map.of());
  }
}
