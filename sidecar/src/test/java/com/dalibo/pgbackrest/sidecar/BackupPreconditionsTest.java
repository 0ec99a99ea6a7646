package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.Cluster;
import com.dalibo.pgbackrest.sidecar.BackupPreconditions.InRecovery;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BackupPreconditionsTest {
  private static final String ARCHIVER =
      "plugins: [{name: pgbackrest.dalibo.com, isWALArchiver: true}]";

  @Test
  void thePrimaryOfAClusterThatArchivesHereIsBackedUp() {
    assertThatCode(() -> check(ARCHIVER, "c-1", InRecovery.NO)).doesNotThrowAnyException();
  }

  @Test
  void aClusterThatDoesNotArchiveHereIsRefusedWithTheRemedy() {
    assertThatThrownBy(
            () -> check("plugins: [{name: pgbackrest.dalibo.com}]", "c-1", InRecovery.NO))
        .isInstanceOf(PreconditionException.class)
        .hasMessage(
            "cluster 'c' does not archive here, so its backups could not be restored: set"
                + " isWALArchiver: true for plugin 'pgbackrest.dalibo.com' in spec.plugins, with a"
                + " Stanza of its own");
  }

  @Test
  void aClusterWithoutThePluginIsRefused() {
    assertThatThrownBy(() -> check("plugins: []", "c-1", InRecovery.NO))
        .hasMessageContaining("does not list plugin 'pgbackrest.dalibo.com'");
  }

  @Test
  void aReplicaClusterIsRefused() {
    assertThatThrownBy(
            () -> check(ARCHIVER + ", replica: {enabled: true, source: o}", "c-1", InRecovery.YES))
        .hasMessageContaining("cluster 'c' is a replica cluster")
        .hasMessageEndingWith("back up the cluster it follows, or promote this one first");
  }

  @Test
  void aStandbyIsRefusedTellingToTargetThePrimary() {
    assertThatThrownBy(() -> check(ARCHIVER, "c-2", InRecovery.YES))
        .hasMessage(
            "instance 'c-2' is a standby (the primary is 'c-1') and backups are taken from the"
                + " primary: set target: primary in the spec of the Backup or ScheduledBackup, or"
                + " in spec.backup of cluster 'c'");
  }

  @Test
  void theDataDirectoryIsBelievedMoreThanAClusterThatMayLag() {
    assertThatThrownBy(() -> check(ARCHIVER, "c-1", InRecovery.YES))
        .hasMessageContaining("instance 'c-1' is a standby");
  }

  private static void check(String spec, String instance, InRecovery inRecovery)
      throws PreconditionException {
    var json = "{metadata: {name: c}, status: {currentPrimary: c-1}, spec: {%s}}".formatted(spec);
    var cluster = Cluster.parse(json.getBytes(StandardCharsets.UTF_8));
    new BackupPreconditions(cluster, instance, inRecovery).check();
  }
}
