package com.dalibo.pgbackrest.operator.adoption;

import static com.dalibo.pgbackrest.operator.adoption.AdoptionStage.FULL;
import static com.dalibo.pgbackrest.operator.adoption.AdoptionStage.INCREMENTAL;
import static com.dalibo.pgbackrest.operator.adoption.AdoptionStage.NAME;
import static com.dalibo.pgbackrest.operator.adoption.AdoptionStage.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Backups that get no Backup object.
class RefusedAdoptionsTest {
  @AutoClose private final AdoptionStage stage = new AdoptionStage();

  @Test
  void withoutAdoptBackupsNothingIsAsked() {
    stage.inspected(OWNER, FULL);
    stage.withoutAdoptBackups();
    stage.adoptions.follow();

    assertThat(stage.api.requests()).isEmpty();
  }

  @Test
  void whereAnOwnerIsOnRecordNoOtherClusterIsAdopted() {
    stage.inspected(
        OWNER,
        FULL.replace("type: full", "type: full, annotations: {cnpg-cluster: default/other}"));

    stage.adoptions.follow();

    assertThat(stage.names()).isEmpty();
  }

  @Test
  void aBackupThatHasItsObjectIsLeftToIt() {
    stage.existing("own", "demo", "completed", "20261128-030000F", "1");
    stage.existing("failed", "demo", "failed", "", "");
    stage.inspected(
        OWNER,
        FULL,
        INCREMENTAL.replace(
            "type: incr", "type: incr, annotations: {cnpg-backup-uid: uid-of-failed}"));

    stage.adoptions.follow();

    assertThat(stage.names()).containsExactly("failed", "own");
    assertThat(stage.events()).isEmpty();
  }

  @Test
  void anObjectOfSomebodyElseWithItsNameIsLeftAlone() {
    stage.existing(NAME, "another", "running", "", "");
    stage.inspected(OWNER, FULL);
    var before = stage.backup(NAME);

    stage.adoptions.follow();

    assertThat(stage.backup(NAME)).isEqualTo(before);
  }

  @Test
  void nothingIsDoneForAStanzaToWhichAClusterArchives() {
    stage.inspected(OWNER, FULL);
    stage.cluster("c", "{\"stanzaRef\": \"main\"}");

    stage.adoptions.follow();

    assertThat(stage.api.requests()).isEmpty();
  }

  @Test
  void whereAClusterHasTheNameAgainItsBackupsAreNotMixedWithThose() {
    stage.inspected(OWNER, FULL);
    stage.cluster("new", "{\"stanzaRef\": \"another\"}");

    stage.adoptions.follow();

    assertThat(stage.names()).isEmpty();
    assertThat(stage.events())
        .containsExactly(
            "Warning BackupsNotAdopted: backups of a former Cluster 'demo' have no Backup object: namespace 'default' has a Cluster 'demo' again, and they would be taken for its own; restore them by their label in status.catalogue (recoveryTarget.backupID)");
  }

  /// The watch may be late.
  @Test
  void aClusterThatHasNotBeenHeardOfYetLivesToo() {
    stage.api.apply(
        "{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: demo, uid: new}}");
    stage.inspected(OWNER, FULL);

    stage.adoptions.follow();

    assertThat(stage.names()).isEmpty();
  }

  @Test
  void whatCannotBeRestoredIsNotCalledCompleted() {
    stage.inspected(OWNER, FULL.replace("size: 4096", "pageErrors: true"), INCREMENTAL);
    stage.adoptions.follow();
    assertThat(stage.names()).as("damaged pages, and what builds on them").isEmpty();

    stage.inspected(OWNER + ", gaps: [000000010000000000000004]", FULL, INCREMENTAL);
    stage.adoptions.follow();
    assertThat(stage.names()).as("WAL is missing").isEmpty();

    stage.inspected(
        OWNER + ", gaps: [000000010000000000000005-000000010000000000000007]", FULL, INCREMENTAL);
    stage.adoptions.follow();
    assertThat(stage.names()).as("WAL is missing between them").hasSize(2);
  }

  @Test
  void withoutThePermissionNothingIsCreatedAndItFollowsOnceItIsGranted() {
    stage.inspected(OWNER, FULL);
    stage.api.refuse("POST /apis/postgresql.cnpg.io", "cannot create resource \"backups\"");
    for (int i = 0; i < 3; i++) {
      stage.adoptions.follow();
    }
    assertThat(stage.api.requests())
        .filteredOn(request -> request.startsWith("POST /apis"))
        .hasSize(1);
    assertThat(stage.names()).isEmpty();
    assertThat(stage.events())
        .singleElement()
        .asString()
        .isEqualTo(
            "Warning BackupsNotAdopted: Backup objects cannot be created: cannot create resource \"backups\"; apply the CRDs and permissions of this release: kubectl apply --server-side -f deploy/manifest.yaml, or helm upgrade (docs/reference/rights.md)");

    stage.api.heal();
    stage.clock.advance(Duration.ofMinutes(1));
    stage.adoptions.follow();
    assertThat(stage.names()).containsExactly(NAME);
  }

  @Test
  void anObjectWhoseStatusCannotBeWrittenIsRemoved() {
    stage.inspected(OWNER, FULL);
    stage.api.refuse("PATCH /apis/postgresql.cnpg.io", "cannot patch resource \"backups/status\"");
    stage.adoptions.follow();
    assertThat(stage.names()).isEmpty();
    assertThat(stage.events()).singleElement().asString().contains("cannot patch resource");

    stage.api.heal();
    stage.clock.advance(Duration.ofMinutes(1));
    stage.adoptions.follow();
    assertThat(stage.backup(NAME).getAsJsonObject("status").get("phase").getAsString())
        .isEqualTo("completed");
  }
}
