package com.dalibo.pgbackrest.operator.adoption;

import static com.dalibo.pgbackrest.operator.adoption.AdoptionStage.FULL;
import static com.dalibo.pgbackrest.operator.adoption.AdoptionStage.INCREMENTAL;
import static com.dalibo.pgbackrest.operator.adoption.AdoptionStage.NAME;
import static com.dalibo.pgbackrest.operator.adoption.AdoptionStage.OWNER;
import static com.dalibo.pgbackrest.operator.adoption.AdoptionStage.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.operator.leader.OrphanedBackups;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Which backups get Backup objects, what is in these, and when they are removed.
class AdoptedBackupsTest {
  @AutoClose private final AdoptionStage stage = new AdoptionStage();

  @Test
  void theBackupsOfAClusterThatIsGoneGetTheirObjects() {
    stage.inspected(OWNER, FULL, INCREMENTAL);

    stage.adoptions.follow();

    assertThat(stage.names()).containsExactly(NAME, "demo-20261128-030000f-20261128-120000i-1");
    var backup = stage.backup(NAME);
    assertThat(backup.getAsJsonObject("spec"))
        .isEqualTo(
            json(
                "{\"cluster\":{\"name\":\"demo\"},\"method\":\"plugin\",\"pluginConfiguration\":{\"name\":\"adopted.pgbackrest.dalibo.com\"}}"));
    var metadata = backup.getAsJsonObject("metadata");
    assertThat(metadata.get("labels"))
        .isEqualTo(json("{\"pgbackrest.dalibo.com/adopted\":\"true\"}"));
    assertThat(metadata.get("annotations"))
        .isEqualTo(json("{\"cnpg.io/reconciliationLoop\":\"disabled\"}"));
    assertThat(metadata.getAsJsonArray("ownerReferences").get(0))
        .isEqualTo(
            json(
                "{\"apiVersion\":\"pgbackrest.dalibo.com/v1\",\"kind\":\"Stanza\",\"name\":\"main\",\"uid\":\"s\"}"));
    assertThat(metadata.has("finalizers")).isFalse();
    assertThat(backup.getAsJsonObject("status"))
        .isEqualTo(
            json(
                """
                {"phase": "completed", "method": "plugin", "backupId": "20261128-030000F", "backupName": "20261128-030000F",
                 "startedAt": "2026-11-28T03:00:00Z", "stoppedAt": "2026-11-28T03:00:10Z", "online": true,
                 "beginWal": "000000010000000000000003", "endWal": "000000010000000000000004",
                 "pluginMetadata": {"name": "pgbackrest.dalibo.com", "version": "%s", "adopted": "true", "clusterUID": "c",
                   "stanza": "main", "stanzaName": "main", "repository": "1", "repositoryName": "near", "location": "volume a /a",
                   "type": "full", "size": "4096", "repositoryDelta": "512"}}
                """
                    .formatted(Plugin.version())));
    assertThat(stage.events())
        .containsExactly(
            "Normal BackupsAdopted: 2 backups have Backup objects now, marked as adopted: kubectl get backups --namespace default --selector pgbackrest.dalibo.com/adopted=true");
  }

  /// Before its status CNPG may see the object: it has nothing then of which a backup can come.
  @Test
  void noBackupCanComeOfAnObjectWithoutItsStatus() {
    stage.inspected(OWNER, FULL);
    stage.api.fail("PATCH", 404);

    stage.adoptions.follow();

    var backup = stage.backup(NAME);
    assertThat(backup.has("status")).isFalse();
    assertThat(backup.getAsJsonObject("metadata").getAsJsonObject("annotations"))
        .isEqualTo(json("{\"cnpg.io/reconciliationLoop\":\"disabled\"}"));
    assertThat(
            backup
                .getAsJsonObject("spec")
                .getAsJsonObject("pluginConfiguration")
                .get("name")
                .getAsString())
        .isNotEqualTo(Plugin.NAME);
  }

  @Test
  void eachIsCreatedOnceAndNothingIsAskedBetweenTwoInspections() {
    stage.inspected(OWNER, FULL);
    stage.adoptions.follow();
    stage.api.forgetRequests();

    for (int i = 0; i < 3; i++) {
      stage.adoptions.follow();
    }
    assertThat(stage.api.requests()).isEmpty();

    stage.inspected(OWNER, FULL);
    stage.operator().follow();
    assertThat(stage.api.requests()).noneMatch(request -> !request.startsWith("GET"));
    assertThat(stage.names()).containsExactly(NAME);
  }

  @Test
  void withoutAnOwnerOnRecordTheClusterIsThatWhichTheBackupNames() {
    stage.inspected(
        "owner: null",
        FULL.replace(
            "type: full",
            "type: full, annotations: {cnpg-cluster: elsewhere/other, cnpg-cluster-uid: o}"),
        INCREMENTAL.replace("prior: 20261128-030000F,", ""),
        INCREMENTAL
            .replace("prior: 20261128-030000F,", "annotations: {cnpg-cluster: \"x/../etc\"},")
            .replace("_20261128-12", "_20261128-13"));

    stage.adoptions.follow();

    assertThat(stage.names()).containsExactly("other-20261128-030000f-1");
    assertThat(
            stage
                .backup("other-20261128-030000f-1")
                .getAsJsonObject("status")
                .getAsJsonObject("pluginMetadata")
                .get("clusterUID")
                .getAsString())
        .isEqualTo("o");
    assertThat(stage.events())
        .contains(
            "Warning BackupsNotAdopted: 2 backups have no Backup object: they do not name the Cluster that they are of (annotation 'cnpg-cluster' in pgBackRest), and no owner of the Stanza is on record; restore them by their label in status.catalogue (recoveryTarget.backupID)");
  }

  @Test
  void theObjectOfABackupThatHasExpiredIsRemoved() {
    stage.inspected(OWNER, FULL, INCREMENTAL);
    stage.adoptions.follow();
    stage.existing("of-a-user", "demo", "completed", "20261128-030000F", "1");

    stage.inspected(OWNER, INCREMENTAL);
    stage.adoptions.follow();

    assertThat(stage.names())
        .containsExactly("demo-20261128-030000f-20261128-120000i-1", "of-a-user");
  }

  @Test
  void whileThatIsInDoubtTheObjectStays() {
    stage.inspected(OWNER, FULL, INCREMENTAL);
    stage.adoptions.follow();

    stage.inspected(OWNER);
    stage.adoptions.follow();
    assertThat(stage.names()).as("an empty repository").hasSize(2);

    stage.inspected(OWNER + ", code: 99", INCREMENTAL);
    stage.adoptions.follow();
    assertThat(stage.names()).as("a repository that did not answer").hasSize(2);

    stage.inspected(OWNER + ", older: 3", INCREMENTAL);
    stage.adoptions.follow();
    assertThat(stage.names()).as("older than those in the catalogue").hasSize(2);

    stage.inspected(OWNER + ", path: /b", INCREMENTAL);
    stage.adoptions.follow();
    assertThat(stage.names()).as("a repository at another place").contains(NAME);
  }

  /// The catalogue has the newest of all repositories: that a label is greater than the least one
  /// in it does not say that the backup would be among them.
  @Test
  void aFullBackupThatIsOlderThanTheCatalogueIsNotTakenForExpired() {
    var incremental =
        INCREMENTAL
            .replace("20261128-030000F", "20261101-030000F")
            .replace("prior: 20261101-030000F, ", "");
    stage.inspected(OWNER, FULL, incremental);
    stage.adoptions.follow();
    assertThat(stage.names()).contains(NAME);

    // As a repository that was added shares the room, say.
    stage.inspected(OWNER + ", older: 1", incremental);
    stage.adoptions.follow();

    assertThat(stage.names()).contains(NAME);
  }

  @Test
  void whatAnOperatorLeftWithoutAStatusGetsOneOrIsRemoved() {
    unfinished();
    stage.inspected(OWNER, FULL);
    stage.adoptions.follow();
    assertThat(stage.backup(NAME).getAsJsonObject("status").get("phase").getAsString())
        .isEqualTo("completed");

    stage.api.delete("backups", "default", NAME);
    unfinished();
    var orphans = new OrphanedBackups(stage.client, stage.clock, stage.inventory);
    orphans.release();
    assertThat(stage.names()).as("just created").containsExactly(NAME);
    stage.clock.advance(Duration.ofMinutes(3));
    orphans.release();
    assertThat(stage.names()).isEmpty();
  }

  private void unfinished() {
    stage.inspected(OWNER, FULL);
    stage.api.fail("PATCH", 404);
    stage.operator().follow();
    stage.api.heal();
    assertThat(stage.backup(NAME).has("status")).isFalse();
  }
}
