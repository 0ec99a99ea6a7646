package com.dalibo.pgbackrest.sidecar.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.sidecar.Eventually;
import com.dalibo.pgbackrest.sidecar.Instance;
import com.dalibo.pgbackrest.sidecar.TestCluster;
import com.dalibo.pgbackrest.sidecar.TestMember;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary;
import com.dalibo.pgbackrest.stanza.api.status.RecoveryWindow;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Backups that CNPG asks a standby for, and what ends them.
@Timeout(600)
class StandbyBackupIT {

  @TempDir private Path directory;
  @AutoClose private StandbyPair pair;

  @BeforeEach
  void begin() throws Exception {
    pair = StandbyPair.start(directory);
  }

  @Test
  void theFilesAreReadFromTheStandbyAndTheBackupIsRestored() throws Exception {
    var file =
        pair.primary
            .pod
            .pgData()
            .resolve(pair.primary.postgres.value("select pg_relation_filepath('t')"));
    pair.primary.postgres.execute("checkpoint");
    pair.caughtUp();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));

    var result = pair.standby.backup("b");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(result.getBackupId()).endsWith("F");
    assertThat(result.getInstanceId()).isEqualTo("c-2");
    assertThat(pair.datacenter.segments("repo", "/r"))
        .contains(result.getBeginWal(), result.getEndWal());
    pair.primary.postgres.execute("insert into t values (0, '')");
    pair.archiveAll();
    try (var restored = recovery().recovered()) {
      assertThat(restored.postgres.value("select count(*) from t")).isEqualTo("3001");
    }
  }

  @Test
  void theStatusHasTheBackupThoughThePrimaryDidNotTakeIt() throws Exception {
    var elsewhere = pair.cluster.json();
    elsewhere.getAsJsonObject("status").addProperty("currentPrimary", "c-9");
    pair.datacenter.api.apply(elsewhere);

    var result = pair.standby.backup("b");

    Eventually.until(
        "the standby writes what it knows",
        () ->
            Optional.ofNullable(
                    Stanza.parse(pair.datacenter.api.get("stanzas", "default", "s").orElseThrow())
                        .status())
                .map(StanzaStatus::recoveryWindow)
                .map(RecoveryWindow::lastBackup)
                .map(BackupSummary::label)
                .filter(result.getBackupId()::equals)
                .isPresent());
  }

  @Test
  void aBackupThatWalNeverReachesFails() {
    pair.primary.postgres.set("archive_command", "false").reload();

    assertThatThrownBy(() -> pair.standby.backup("b"))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("of cluster 'c' cannot be restored: WAL segment '0000")
        .hasMessageContaining("did not arrive in repository 1 of stanza 's' within 15 s");
  }

  @Test
  void onlyOneBackupRunsAtATimeWhicheverPodIsAsked() throws Exception {
    pair.caughtUp();
    var ofStandby = held(pair.standby);

    assertThatThrownBy(() -> pair.primary.backup("second"))
        .hasMessageContaining("UNAVAILABLE")
        .hasMessageContaining(
            "backup 'second' of cluster 'c' in repository 1 was not started: another pgbackrest")
        .hasMessageContaining("of this instance or of a standby, holds the lock of stanza 's'");
    pair.datacenter.s3.faults().heal();
    assertThat(ofStandby.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS).getBackupId())
        .endsWith("F");

    var ofPrimary = held(pair.primary);
    assertThatThrownBy(() -> pair.standby.backup("fourth"))
        .hasMessageContaining("UNAVAILABLE")
        .hasMessageContaining(
            "failed on the standby 'c-2'; another backup is running, of the primary")
        .hasMessageContaining("[LockAcquireError]");
    pair.datacenter.s3.faults().heal();
    assertThat(ofPrimary.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS).getBackupId())
        .endsWith("F");
  }

  @Test
  void aFailoverInTheMiddleEndsTheBackupAndTheNextOneWorks() throws Exception {
    pair.caughtUp();
    var backup = held(pair.standby);

    pair.primary.postgres.kill();
    pair.datacenter.s3.faults().heal();

    assertThatThrownBy(() -> backup.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .hasMessageContaining(
            "backup 'b' of cluster 'c' in repository 1 of stanza 's' failed on the standby 'c-2'")
        .hasMessageContaining("the primary failed in the backup, as happens in a failover")
        .hasMessageContaining("create a new Backup when the Cluster is ready");
    assertThat(pair.standby.programs(" backup ")).isEmpty();
    assertThat(pair.primary.programs(" backup ")).isEmpty();
    pair.standby.postgres.promote();
    pair.standby.postgres.waitForPromotion(Eventually.PATIENCE);
    pair.cluster.primary("c-2").timeline(2);
    assertThat(pair.standby.backup("b2").getBackupId()).endsWith("F");
  }

  @Test
  void aStandbyThatIsPromotedInTheMiddleEndsTheBackup() throws Exception {
    pair.caughtUp();
    var backup = held(pair.standby);

    pair.standby.postgres.promote();
    pair.standby.postgres.waitForPromotion(Eventually.PATIENCE);
    pair.datacenter.s3.faults().heal();

    assertThatThrownBy(() -> backup.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .hasMessageContaining("this instance became primary while it was backed up");
  }

  @Test
  void deletingTheObjectEndsTheBackupOnBothSides() throws Exception {
    pair.caughtUp();
    pair.datacenter.api.apply(
        """
        {apiVersion: postgresql.cnpg.io/v1, kind: Backup, metadata: {name: b, uid: the-one},
         spec: {method: plugin, cluster: {name: c}}}
        """);
    var backup = held(pair.standby, "the-one");
    Eventually.until(
        "the object is looked at",
        () ->
            pair.datacenter.api.requests().stream()
                    .filter(request -> request.endsWith("/backups/b"))
                    .count()
                > 1);

    pair.datacenter.api.delete("backups", "default", "b");

    assertThatThrownBy(() -> backup.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .hasMessageContaining("CANCELLED")
        .hasMessageContaining("was stopped because its Backup object was deleted");
    assertThat(pair.standby.programs(" backup ")).isEmpty();
    pair.datacenter.s3.faults().heal();
    Eventually.until("the primary has ended it", () -> pair.primary.programs("remote").isEmpty());
    assertThat(pair.standby.backup("b2").getBackupId()).endsWith("F");
  }

  /// A backup whose first file is on its way to the store, and stays there.
  private CompletableFuture<BackupResult> held(TestMember member) throws Exception {
    return held(member, UUID.randomUUID().toString());
  }

  private CompletableFuture<BackupResult> held(TestMember member, String uid) throws Exception {
    pair.datacenter
        .s3
        .faults()
        .holdWhere(request -> request.startsWith("PUT ") && request.contains("/backup/main/2"));
    var backup = CompletableFuture.supplyAsync(() -> member.backup("b", uid));
    Eventually.until("the backup is being written", () -> pair.datacenter.s3.faults().held() > 0);
    return backup;
  }

  private Instance recovery() {
    return Instance.recovery(
        pair.datacenter, TestCluster.recovering("r", "s", "", ""), StandbyPair.MAJOR);
  }
}
