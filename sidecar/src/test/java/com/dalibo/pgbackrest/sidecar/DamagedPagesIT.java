package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.testbed.PostgresInstallation;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A table whose file was damaged on the disk, and a repository that keeps one backup.
@Timeout(300)
class DamagedPagesIT {
  private static final int MAJOR = PostgresInstallation.NEWEST;
  private static final int PAGE = 8192;

  @TempDir private Path directory;

  @Test
  void aBackupOfDamagedPagesIsNotCalledCompletedAndTheOneBeforeIsRestored() throws Exception {
    try (var datacenter = new Datacenter(directory, "repo")) {
      datacenter.stanza(
          "s", "", datacenter.repository("repo", "/r", "retentionPolicy: {full: 1},"));
      try (var instance =
          Instance.archiving(
              datacenter, Datacenter.archiving("c", "s"), MAJOR, "--data-checksums")) {
        instance.postgres.execute(
            "create table t (n int, s text)",
            "insert into t select g, repeat('x', 100) from generate_series(1, 10000) g",
            "checkpoint");
        var good = instance.backup("backupType: full").getBackupId();
        damage(instance);

        assertThatThrownBy(() -> instance.backup("backupType: full"))
            .hasMessageContaining("FAILED_PRECONDITION")
            .hasMessageContaining(
                "holds pages with invalid checksums: data of cluster 'c' is damaged")
            .hasMessageContaining("stays in repository 1 of stanza 's'")
            .hasMessageContaining("no older one was removed for it");
        var told = new Told(datacenter.api);
        Eventually.until("it is told", () -> told.events("Cluster", "BackupFailed").size() == 1);
        instance.archiveAll();

        try (var restored =
            Instance.recovery(datacenter, Datacenter.recovering("r", "s", "", ""), MAJOR)
                .recovered()) {
          assertThat(restored.sidecar().log()).contains(good);
          assertThat(restored.postgres.value("select count(*) from t")).isEqualTo("10000");
        }
      }
    }
  }

  private static void damage(Instance instance) throws Exception {
    var file =
        instance
            .postgres
            .dataDirectory()
            .resolve(instance.postgres.value("select pg_relation_filepath('t')"));
    instance.postgres.stop();
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[64]), PAGE + PAGE / 2);
    }
    instance.start();
  }
}
