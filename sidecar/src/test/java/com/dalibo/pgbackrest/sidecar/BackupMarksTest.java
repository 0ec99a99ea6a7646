package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupMarksTest {
  private static final BackupMarks.Marked NIGHTLY =
      new BackupMarks.Marked(
          new KubernetesObject(KubernetesObject.CNPG, "Backup", "default", "nightly", "b-1"),
          new KubernetesObject(KubernetesObject.CNPG, "Cluster", "default", "demo", ""));

  @TempDir Path directory;
  private BackupMarks marks;

  @BeforeEach
  void make() {
    marks = new BackupMarks(directory.resolve("backups"));
  }

  @Test
  void anEndedBackupLeavesNone() {
    marks.set(NIGHTLY).close();

    assertThat(marks.left()).isEmpty();
  }

  @Test
  void aBackupThatNeverEndedIsToldOnce() {
    var _ = marks.set(NIGHTLY);

    assertThat(new BackupMarks(directory.resolve("backups")).left()).containsExactly(NIGHTLY);
    assertThat(marks.left()).isEmpty();
  }

  @Test
  void oneThatWasNotWrittenWholeIsNoBackup() throws IOException {
    var _ = marks.set(NIGHTLY);
    Files.writeString(directory.resolve("backups/half.json"), "{\"backup\": {\"na");
    Files.writeString(directory.resolve("backups/empty.json"), "");
    Files.writeString(directory.resolve("backups/of-nothing.json"), "{}");

    assertThat(marks.left()).containsExactly(NIGHTLY);
  }

  @Test
  void aDirectoryThatCannotBeMadeStopsNoBackup() throws IOException {
    Files.writeString(directory.resolve("backups"), "in the way");

    marks.set(NIGHTLY).close();

    assertThat(marks.left()).isEmpty();
  }
}
