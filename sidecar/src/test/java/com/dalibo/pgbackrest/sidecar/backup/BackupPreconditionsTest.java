package com.dalibo.pgbackrest.sidecar.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.backup.BackupPreconditions.InRecovery;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BackupPreconditionsTest {
  private static final String ARCHIVER =
      "plugins: [{name: pgbackrest.dalibo.com, isWALArchiver: true}]";

  @Test
  void thePrimaryOfAClusterThatArchivesHereIsBackedUp() throws Exception {
    assertThat(source(ARCHIVER, "c-1", "c-1", InRecovery.NO)).isEqualTo(new BackupSource.Primary());
  }

  @Test
  void aClusterThatDoesNotArchiveHereIsRefusedWithTheRemedy() {
    assertThatThrownBy(
            () -> check("plugins: [{name: pgbackrest.dalibo.com}]", "c-1", InRecovery.NO))
        .isInstanceOf(PreconditionException.class)
        .hasMessage(
            "cluster 'c' does not archive with this plugin, so its backups could not be restored: set"
                + " isWALArchiver: true for plugin 'pgbackrest.dalibo.com' in spec.plugins, with a"
                + " Stanza of its own");
  }

  @Test
  void aClusterWithoutThePluginIsRefused() {
    assertThatThrownBy(() -> check("plugins: []", "c-1", InRecovery.NO))
        .hasMessageContaining("does not use plugin 'pgbackrest.dalibo.com'");
  }

  @Test
  void aReplicaClusterIsRefused() {
    assertThatThrownBy(
            () -> check(ARCHIVER + ", replica: {enabled: true, source: o}", "c-1", InRecovery.YES))
        .hasMessageContaining("cluster 'c' is a replica cluster")
        .hasMessageEndingWith("back up the cluster it follows, or promote this one first");
  }

  @Test
  void aStandbyIsBackedUpWithTheHelpOfItsPrimary() throws Exception {
    assertThat(source(ARCHIVER, "c-1", "c-2", InRecovery.YES))
        .isEqualTo(new BackupSource.Standby("c-1"));
  }

  @Test
  void aStandbyIsNotBackedUpWhileThePrimaryChanges() {
    assertThatThrownBy(() -> source(ARCHIVER, "c-3", "c-2", InRecovery.YES))
        .hasMessage(
            "the primary of cluster 'c' is changing from 'c-1' to 'c-3', and a backup from the "
                + "standby 'c-2' needs a primary that stays: create a new Backup when the Cluster is ready");
  }

  @Test
  void theDataDirectoryIsBelievedMoreThanAClusterThatMayLag() {
    assertThatThrownBy(() -> check(ARCHIVER, "c-1", InRecovery.YES))
        .hasMessage(
            "instance 'c-1' is the primary of cluster 'c', but still in recovery: create a new"
                + " Backup when its promotion is complete and the Cluster is ready");
    assertThatThrownBy(() -> check(ARCHIVER, "c-2", InRecovery.NO))
        .hasMessage(
            "instance 'c-2' is not in recovery, though the primary of cluster 'c' is 'c-1': it is "
                + "a former primary that is not yet a standby, or CNPG has not yet recorded its promotion; create a new Backup when the Cluster is ready");
  }

  private static void check(String spec, String instance, InRecovery inRecovery)
      throws PreconditionException {
    var _ = source(spec, "c-1", instance, inRecovery);
  }

  private static BackupSource source(
      String spec, String target, String instance, InRecovery inRecovery)
      throws PreconditionException {
    var json =
        "{metadata: {name: c}, status: {currentPrimary: c-1, targetPrimary: %s}, spec: {%s}}"
            .formatted(target, spec);
    var cluster = Cluster.parse(json.getBytes(StandardCharsets.UTF_8));
    return new BackupPreconditions(cluster, instance, inRecovery).source();
  }
}
