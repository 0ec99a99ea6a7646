package com.dalibo.pgbackrest.sidecar.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.kubernetes.ObjectReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningBackupMarkersTest {
  private static final RunningBackupMarkers.Marked NIGHTLY =
      new RunningBackupMarkers.Marked(
          new ObjectReference(Cluster.API_VERSION, "Backup", "default", "nightly", "b-1"),
          new ObjectReference(Cluster.API_VERSION, "Cluster", "default", "demo", ""));

  @TempDir Path directory;
  private RunningBackupMarkers marks;

  @BeforeEach
  void make() {
    marks = new RunningBackupMarkers(directory.resolve("backups"));
  }

  @Test
  void anEndedBackupLeavesNone() {
    marks.set(NIGHTLY).close();

    assertThat(marks.left()).isEmpty();
  }

  @Test
  void aBackupThatNeverEndedIsToldOnce() {
    var _ = marks.set(NIGHTLY);

    assertThat(new RunningBackupMarkers(directory.resolve("backups")).left())
        .containsExactly(NIGHTLY);
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
