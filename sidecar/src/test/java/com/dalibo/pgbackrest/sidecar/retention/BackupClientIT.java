package com.dalibo.pgbackrest.sidecar.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.sidecar.Eventually;
import com.dalibo.pgbackrest.sidecar.TestInstance;
import com.dalibo.pgbackrest.stanza.contract.SidecarContract;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Backup objects, after retention has removed backups.
@Timeout(300)
class BackupClientIT {
  private static final String ONE_FULL = "        retentionPolicy: {full: 1, fullType: count}\n";

  private static final int MORE_THAN_A_PAGE = 120;

  @TempDir private Path directory;
  @AutoClose private TestInstance stage;

  @BeforeEach
  void begin() throws Exception {
    stage = new TestInstance(directory, TestInstance.archiving());
    stage.applyStanza(
        "main",
        stage.repository(stage.s3, "one") + ONE_FULL + stage.repository(stage.otherS3, "two"));
    stage.keepHouse();
    stage.startPostgres();
  }

  @Test
  void anObjectGoesWithItsBackupAndOthersStay() throws Exception {
    var expiring = backup("expiring", "1");
    var otherRepository = backup("other-repository", "2");
    apply("copied-from-another-cluster", expiring, "clusterUID", UUID.randomUUID().toString());
    apply("of-another-stanza", expiring, "stanza", "another");
    apply("of-a-place-that-was-left", expiring, "location", "s3://gone/demo at localhost");
    apply("of-another-plugin", expiring, "name", "barman-cloud.cloudnative-pg.io");
    for (var n = 0; n < MORE_THAN_A_PAGE; n++) {
      apply("another-%03d".formatted(n), expiring, "clusterUID", UUID.randomUUID().toString());
    }
    var kept = backup("kept", "1");

    Eventually.until("the object follows", () -> !names().contains("expiring"));

    Eventually.until("it is told", () -> expired().size() == 1);
    assertThat(expired())
        .containsExactly(
            "backup 'expiring' (%s) is no longer in repository 1 of stanza 'main': expired by its retentionPolicy, or removed there. Its Backup object was deleted"
                .formatted(expiring.getBackupId()));
    Thread.sleep(Duration.ofSeconds(5));
    assertThat(names()).filteredOn(name -> name.startsWith("another-")).hasSize(MORE_THAN_A_PAGE);
    assertThat(names())
        .filteredOn(name -> !name.startsWith("another-"))
        .containsExactlyInAnyOrder(
            "other-repository",
            "copied-from-another-cluster",
            "of-another-stanza",
            "of-a-place-that-was-left",
            "of-another-plugin",
            "kept");
    assertThat(kept.getBackupId()).isNotEqualTo(otherRepository.getBackupId());
  }

  @Test
  void aRepositoryThatDoesNotAnswerTakesNoObjectAway() throws Exception {
    backup("one", "1");
    backup("two", "2");
    Eventually.until(
        "both are in the status",
        () ->
            stage
                .api
                .get("stanzas", "default", "main")
                .orElseThrow()
                .toString()
                .contains("\"Full\":2"));

    stage.otherS3.refuse();
    backup("one-more", "1");

    Eventually.until("the answering one is followed", () -> !names().contains("one"));
    Thread.sleep(Duration.ofSeconds(10));
    assertThat(names()).containsExactlyInAnyOrder("two", "one-more");
  }

  /// As when a namespace is deleted: in whatever order, within seconds.
  @Test
  void objectsThatAreDeletedBeforeTheirClusterLeaveTheirBackups() throws Exception {
    expireDeletedBackups();
    var first = backup("first", "2");
    var second = backup("second", "2");
    Eventually.until("both are held", () -> held().equals(List.of("first", "second")));

    stage.api.delete("backups", "default", "first");
    stage.api.delete("backups", "default", "second");
    stage.api.apply(
        """
        apiVersion: postgresql.cnpg.io/v1
        kind: Cluster
        metadata: {name: demo, deletionTimestamp: "2026-11-25T12:00:00Z", finalizers: [example.com/foregroundDeletion]}
        """);

    Eventually.until("both are let go", () -> names().isEmpty());
    assertThat(labels("two")).contains(first.getBackupId(), second.getBackupId());
    assertThat(messages("BackupDeleted")).isEmpty();
  }

  @Test
  void deletingAnObjectRemovesItsBackupWhereThePolicySaysSo() throws Exception {
    expireDeletedBackups();
    var gone = backup("gone", "2");
    var kept = backup("kept", "2");
    Eventually.until("both are held", () -> held().equals(List.of("gone", "kept")));

    stage.otherS3.refuse();
    stage.api.delete("backups", "default", "gone");
    Eventually.until(
        "it is told that the repository does not let it go",
        () -> messages("BackupNotExpired").size() == 1);
    assertThat(names()).contains("gone");
    stage.otherS3.accept();

    Eventually.until("the object is gone", () -> !names().contains("gone"));
    assertThat(labels("two")).contains(kept.getBackupId()).doesNotContain(gone.getBackupId());
    Eventually.until("it is told", () -> !messages("BackupDeleted").isEmpty());
    assertThat(messages("BackupDeleted"))
        .containsExactly(
            "backup 'gone' (%s) was removed from repository 2 of stanza 'main', with the backups that build on it, because its Backup object was deleted (deletionPolicy: ExpireBackup)"
                .formatted(gone.getBackupId()));
    stage.api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: main}
        spec: {deletionPolicy: Retain}
        """);
    Eventually.until("nothing is held", () -> held().isEmpty());
    stage.api.delete("backups", "default", "kept");
    Thread.sleep(Duration.ofSeconds(5));
    assertThat(labels("two")).contains(kept.getBackupId());
  }

  private List<String> held() {
    return stage.api.list("backups").stream()
        .map(backup -> backup.getAsJsonObject("metadata"))
        .filter(
            metadata ->
                metadata.has("finalizers")
                    && metadata.get("finalizers").toString().contains(SidecarContract.FINALIZER))
        .map(metadata -> metadata.get("name").getAsString())
        .toList();
  }

  /// The backups that are whole in a bucket of the second server.
  private List<String> labels(String bucket) {
    return stage.otherS3.keys(bucket).stream()
        .filter(key -> key.matches(".*/[0-9F-]+/backup.manifest"))
        .map(key -> key.replaceFirst("/backup.manifest$", "").replaceFirst(".*/", ""))
        .toList();
  }

  private void expireDeletedBackups() {
    stage.api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: main}
        spec: {deletionPolicy: ExpireBackup}
        """);
  }

  private BackupResult backup(String name, String repository) {
    var result =
        stage.manager.backup(
            """
            apiVersion: postgresql.cnpg.io/v1
            kind: Backup
            metadata: {name: %s}
            spec:
              method: plugin
              cluster: {name: demo}
              pluginConfiguration:
                name: pgbackrest.dalibo.com
                parameters: {backupType: full, selectedRepository: '%s'}
            """
                .formatted(name, repository));
    apply(name, result, "", "");
    return result;
  }

  /// As CNPG writes it after a backup, with one thing else.
  private void apply(String name, BackupResult result, String key, String value) {
    var metadata = new JsonObject();
    result.getMetadataMap().forEach(metadata::addProperty);
    if (!key.isEmpty()) {
      metadata.addProperty(key, value);
    }
    KubernetesApiServer api = stage.api;
    api.apply(
        """
        apiVersion: postgresql.cnpg.io/v1
        kind: Backup
        metadata: {name: %s}
        spec: {method: plugin, cluster: {name: demo}}
        status: {phase: completed, backupId: %s, pluginMetadata: %s}
        """
            .formatted(name, result.getBackupId(), metadata));
  }

  private List<String> names() {
    return stage.api.list("backups").stream()
        .map(backup -> backup.getAsJsonObject("metadata").get("name").getAsString())
        .toList();
  }

  private List<String> expired() {
    return messages("BackupExpired");
  }

  private List<String> messages(String reason) {
    return stage.api.events().stream()
        .filter(event -> event.get("reason").getAsString().equals(reason))
        .map(event -> event.get("message").getAsString())
        .toList();
  }
}
