package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A table whose file was damaged on the disk, and a repository that keeps one backup.
@Timeout(300)
class DamagedPagesIT {
  private static final int MAJOR = PostgresInstallation.NEWEST;
  private static final int PAGE = 8192;
  private static final Pattern FULL_BACKUP = Pattern.compile("/backup/main/([0-9-]+F)/");

  @TempDir private Path directory;

  @Test
  void aBackupOfDamagedPagesIsNotCalledCompletedAndTheOneBeforeIsRestored() throws Exception {
    try (var datacenter = new TestCluster(directory, "repo")) {
      datacenter.stanza(
          "s", "", datacenter.repository("repo", "/r", "retentionPolicy: {full: 1},"));
      try (var instance =
          Instance.archiving(
              datacenter, TestCluster.archiving("c", "s"), MAJOR, "--data-checksums")) {
        instance.postgres.execute(
            "create table t (n int, s text)",
            "insert into t select g, repeat('x', 100) from generate_series(1, 10000) g",
            "checkpoint");
        var good = instance.backup("backupType: full").getBackupId();
        damage(instance);

        assertThatThrownBy(() -> instance.backup("backupType: full"))
            .hasMessageContaining("FAILED_PRECONDITION")
            .hasMessageContaining(
                "contains pages with invalid checksums: data of cluster 'c' is damaged")
            .hasMessageContaining("stays in repository 1 of stanza 's'")
            .hasMessageContaining("no older backup was expired because of it");
        var told = new UserView(datacenter.api);
        Eventually.until("it is told", () -> told.events("Cluster", "BackupFailed").size() == 1);
        assertThat(fullBackups(datacenter)).hasSize(2).contains(good);
        instance.postgres.execute("create table later as select 1 as n");
        assertThatThrownBy(() -> instance.backup("backupType: full"))
            .hasMessageContaining("contains pages with invalid checksums");
        assertThat(fullBackups(datacenter)).hasSize(2).contains(good);
        instance.archiveAll();

        try (var restored =
            Instance.recovery(datacenter, TestCluster.recovering("r", "s", "", ""), MAJOR)
                .recovered()) {
          assertThat(restored.sidecar().log()).contains(good);
          assertThat(restored.postgres.value("select count(*) from t")).isEqualTo("10000");
          assertThat(restored.postgres.value("select count(*) from later")).isEqualTo("1");
        }

        instance.postgres.execute("drop table t");
        var repaired = instance.backup("backupType: full").getBackupId();
        assertThat(fullBackups(datacenter)).isEqualTo(Set.of(repaired));
      }
    }
  }

  private static Set<String> fullBackups(TestCluster datacenter) {
    return datacenter.s3.keys("repo").stream()
        .map(key -> FULL_BACKUP.matcher(key))
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
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
