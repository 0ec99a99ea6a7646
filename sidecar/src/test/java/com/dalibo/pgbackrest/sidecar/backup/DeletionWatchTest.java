package com.dalibo.pgbackrest.sidecar.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Backup;
import com.dalibo.pgbackrest.sidecar.retention.BackupObject;
import com.google.gson.JsonParser;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeletionWatchTest {
  private static final Backup BACKUP = new Backup("b", "default", "uid-1");

  @Test
  void aBackupGoesOnWhileItsObjectIsThere() {
    assertThat(DeletionWatch.end(object("uid: uid-1"), BACKUP, true)).isEmpty();
  }

  @Test
  void anObjectThatWasThereAndIsNoMoreWasDeleted() {
    assertThat(DeletionWatch.end(Optional.empty(), BACKUP, true))
        .contains("its Backup object was deleted");
  }

  @Test
  void anObjectThatNeverWasThereWasNotDeleted() {
    assertThat(DeletionWatch.end(Optional.empty(), BACKUP, false)).isEmpty();
  }

  @Test
  void anotherObjectOfTheSameNameIsNotTheOne() {
    assertThat(DeletionWatch.end(object("uid: uid-2"), BACKUP, false))
        .contains("its Backup object was deleted, and another object has its name");
  }

  @Test
  void anObjectThatAFinalizerHoldsIsBeingDeleted() {
    assertThat(
            DeletionWatch.end(
                object("uid: uid-1, deletionTimestamp: '2026-11-25T00:00:00Z'"), BACKUP, true))
        .contains("its Backup object is being deleted");
  }

  private static Optional<BackupObject> object(String metadata) {
    return Optional.of(
        BackupObject.of(
            JsonParser.parseString("{metadata: {name: b, %s}}".formatted(metadata))
                .getAsJsonObject()));
  }
}
