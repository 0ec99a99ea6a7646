package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoriesTest {
  @TempDir Path directory;

  @Test
  void whatAnEarlierProcessWasFetchingIsRemovedFromTheWalAndNothingElse() throws Exception {
    var wal = Files.createDirectories(directory.resolve("data/pgdata/pg_wal"));
    for (var name :
        new String[] {
          ".RECOVERYXLOG.pgbackrest-1f",
          ".RECOVERYXLOG.pgbackrest-92ab3c4d5e6f7081.pgbackrest.tmp",
          ".00000002.history.pgbackrest-0",
          ".000000010000000000000003.prefetched",
          "..000000010000000000000004.prefetched.pgbackrest-1f.pgbackrest.tmp",
          "000000010000000000000001",
          "000000010000000000000002.partial",
          "00000002.history",
          ".pgbackrest-notes",
          "RECOVERYXLOG"
        }) {
      Files.createFile(wal.resolve(name));
    }

    new WorkDirectories(settings()).prepare();

    try (var left = Files.list(wal)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "000000010000000000000001",
              "000000010000000000000002.partial",
              "00000002.history",
              ".pgbackrest-notes",
              "RECOVERYXLOG");
    }
  }

  @Test
  void aDataDirectoryThatIsNotThereYetIsNotMissed() throws Exception {
    new WorkDirectories(settings()).prepare();

    assertThat(directory.resolve("work")).isDirectory();
  }

  private SidecarSettings settings() {
    return SidecarSettings.from(
        Map.of(
            "POD_NAME", "c-1",
            "NAMESPACE", "default",
            "CLUSTER_NAME", "c",
            "PGDATA", directory.resolve("data/pgdata").toString(),
            "PLUGIN_ROLE", "instance",
            "PLUGIN_RUN_DIRECTORY", directory.resolve("run").toString(),
            "PLUGIN_WORK_DIRECTORY", directory.resolve("work").toString(),
            "PLUGIN_MISS_DIRECTORY", directory.resolve("miss").toString(),
            "KUBERNETES_SERVICE_HOST", "localhost",
            "KUBERNETES_SERVICE_PORT", "1"));
  }
}
