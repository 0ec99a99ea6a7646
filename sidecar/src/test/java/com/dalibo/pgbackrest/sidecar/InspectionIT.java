package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.stanza.contract.SidecarEnvironment;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an inspection writes into the status of a Stanza to which no Cluster archives, and what the
/// sidecar of an owner would write.
@Timeout(300)
class InspectionIT {
  @TempDir private Path directory;
  @AutoClose private TestInstance stage;
  private UserView told;
  private UserView other;

  @BeforeEach
  void begin() throws Exception {
    stage = TestInstance.keepingHouse(directory, TestInstance.archiving());
    told = new UserView(stage.api);
    other = new UserView(stage.api, "other");
  }

  @Test
  void anInspectionWritesWhatTheSidecarOfAnOwnerWouldWrite() throws Exception {
    var full = stage.backup("backupType: full").getBackupId();
    told.await("Ready", "True", "Ready");
    stage.applyStanza("other", stage.twoRepositories());

    inspect();

    var found = other.written();
    assertThat(found.repositories())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("latestRestorableTime")
        .isEqualTo(told.written().repositories());
    assertThat(found.recoveryWindow()).isEqualTo(told.written().recoveryWindow());
    assertThat(found.reachableRepositories()).isEqualTo("2/2");
    assertThat(found.recoveryWindow().lastBackup().label()).isEqualTo(full);
    assertThat(found.owner()).isNull();
    assertThat(found.inspection().request()).isEqualTo("asked");
    assertThat(found.inspection().time()).isEqualTo(found.observedTime());
    assertThat(words("Inspected")).startsWith("True Inspected the repositories were");
    assertThat(words("Archiving")).isEqualTo("Unknown NoCluster no Cluster archives here");
    assertThat(words("Ready"))
        .isEqualTo("True Ready no Cluster archives here, and there is a backup to restore from");
    assertThat(told.events("Stanza")).noneMatch(event -> event.contains("the stanza 'other'"));
  }

  @Test
  void anInspectionReportsAWrongKeyBeforeThereIsACluster() throws Exception {
    stage.applyStanza("other", stage.oneRepository());
    stage.applySecret("wrong");

    inspect();

    assertThat(words("RepositoriesReachable"))
        .startsWith("False RepositoryUnreachable repository 1 cannot be read: ")
        .contains("SignatureDoesNotMatch", "; remedy: ");
    assertThat(words("Ready")).startsWith("False RepositoryUnreachable ");
    assertThat(words("Inspected")).startsWith("True Inspected ");
    assertThat(told.events("Stanza"))
        .anyMatch(event -> event.startsWith("Warning RepositoryUnreachable repository 1"));

    stage.applySecret(stage.s3.secretKey());
    inspect();

    assertThat(words("RepositoriesReachable")).startsWith("True AllReachable ");
    assertThat(words("Ready"))
        .isEqualTo(
            "Unknown NoCluster no Cluster archives here, and there is no backup to restore from");
  }

  @Test
  void anInspectionWritesNothingWhereAnOwnerHasCome() throws Exception {
    stage.applyStanza("other", stage.oneRepository());
    stage.api.delay("/secrets/s3-keys", Duration.ofSeconds(2));
    var inspection = Thread.ofVirtual().start(this::inspectUnchecked);
    Thread.sleep(1000);
    stage.api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: other}
        status: {owner: {cluster: new, uid: u}}
        """);
    inspection.join();

    assertThat(other.written().inspection()).isNull();
    assertThat(other.written().repositories()).isNull();
  }

  @Test
  void anInspectionReportsAStanzaThatCannotBeUsed() throws Exception {
    stage.applyStanza("other", stage.oneRepository());
    stage.api.delete("secrets", "default", "s3-keys");

    inspect();

    assertThat(words("Ready")).startsWith("False SecretMissing secret 's3-keys'");
    assertThat(words("Inspected")).startsWith("Unknown SecretMissing ");
    assertThat(other.written().inspection().request()).isEqualTo("asked");
  }

  private void inspect() throws Exception {
    var pod = new Pod("inspect", directory.resolve("inspection"));
    var environment =
        pod.sidecarEnvironment(SidecarMode.INSPECTION, stage.cluster, stage.postgres, stage.api);
    environment.put(SidecarEnvironment.STANZA_NAME, "other");
    environment.put(SidecarEnvironment.INSPECTION_REQUEST, "asked");
    try (var job = new JobParts(SidecarSettings.from(environment), TestInstance.QUICK)) {
      job.inspect();
    }
  }

  private void inspectUnchecked() {
    try {
      inspect();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private String words(String type) throws Exception {
    return other.condition(type) + " " + other.message(type);
  }
}
