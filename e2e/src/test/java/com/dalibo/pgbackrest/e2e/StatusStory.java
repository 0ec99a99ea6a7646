package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What `kubectl get` and `kubectl describe` tell, in good times and in bad.
class StatusStory {
  private static final Duration SOON = Duration.ofMinutes(2);

  @RegisterExtension final StoryTeller teller = new StoryTeller("status");

  @Test
  void aStanzaIsReadyWhenThereIsABackupAndItsNumbersAreThere() {
    Story story = teller.story();
    story.archivingCluster();
    story.switchWalAndAwaitArchived("cluster-demo-1");
    awaitReady(story, "False", "NoBackup");

    JsonNode backup = story.backup("first", "backupType: full");
    JsonNode status = awaitReady(story, "True", "Ready").path("status");

    assertThat(status.path("owner").path("cluster").asText()).isEqualTo("cluster-demo");
    assertThat(status.path("reachableRepositories").asText()).isEqualTo("1/1");
    assertThat(status.path("recoveryWindow").path("firstBackup").path("label"))
        .isEqualTo(backup.path("status").path("backupId"));
    assertThat(Instant.parse(status.path("latestRestorableTime").asText()))
        .isAfterOrEqualTo(Instant.parse(status.path("lastBackupTime").asText()));
    assertThat(Story.condition(story.get("Stanza", "stanza-sample"), "Valid")).isEqualTo("True");
    assertThat(story.events())
        .contains("Stanza/stanza-sample StanzaCreated: the stanza 'main' is in repository 1")
        .contains("Backup/first BackupCompleted: backup '");
  }

  @Test
  void kubectlCnpgStatusShowsTheStanzaAndAnIdleClusterIsLeftAlone() {
    Story story = teller.story();
    story.archivingCluster();
    story.backup("first", "backupType: full");
    awaitReady(story, "True", "Ready");
    Cnpg cnpg = Cnpg.installed(story);
    if (cnpg.keepsTheStatusOfPlugins()) {
      story.await(
          "kubectl cnpg status shows the stanza",
          SOON,
          () -> cnpg.status("cluster-demo"),
          text -> text.contains("\"stanza\":\"stanza-sample\",\"repositories\":\"ok\""));
    }
    Story.pause(SOON);

    assertThat(cnpg.changes("cluster-demo", SOON)).isLessThanOrEqualTo(4);

    if (cnpg.keepsTheStatusOfPlugins()) {
      story.delete("Stanza", "stanza-sample");
      story.await(
          "the status follows within a minute",
          Duration.ofSeconds(65),
          () -> cnpg.status("cluster-demo"),
          text -> text.contains("there is no such Stanza; create it"));
    }
  }

  @Test
  void aRepositoryThatIsAwayForAWhileErasesNothing() {
    Story story = teller.story();
    Store store = new Store(story);
    store.connect();
    story.apply(store.stanza());
    story.apply(Story.quick("cluster.yaml"));
    story.awaitReady("cluster-demo");
    String label =
        story.backup("first", "backupType: full").path("status").path("backupId").asText();
    awaitReady(story, "True", "Ready");

    store.disconnect();
    story.psql("cluster-demo-1", "CREATE TABLE meanwhile AS SELECT 1 AS n; SELECT pg_switch_wal()");
    JsonNode broken =
        story.await(
            "the stanza says that its repository is away",
            Duration.ofMinutes(8),
            () -> story.get("Stanza", "stanza-sample"),
            stanza -> Story.condition(stanza, "RepositoriesReachable").equals("False"));

    assertThat(broken.path("status").path("reachableRepositories").asText()).isEqualTo("0/1");
    assertThat(
            broken
                .path("status")
                .path("repositories")
                .path(0)
                .path("lastBackup")
                .path("label")
                .asText())
        .isEqualTo(label);
    assertThat(Story.condition(broken, "Ready")).isEqualTo("False");

    store.connect();
    story.switchWalAndAwaitArchived("cluster-demo-1");
    awaitReady(story, "True", "Ready");

    assertThat(story.get("Backup", "first").isMissingNode()).isFalse();
    assertThat(story.events())
        .contains("Cluster/cluster-demo RepositoryUnreachable: stanza 'stanza-sample'")
        .contains("Cluster/cluster-demo RepositoryReachable: stanza 'stanza-sample'");
  }

  @Test
  void anExpiredBackupTakesItsObjectAlong() {
    Story story = teller.story();
    story.apply(story.stanza().with("full: 7,", "full: 1,"));
    story.apply(Story.quick("cluster.yaml"));
    story.awaitReady("cluster-demo");
    story.backup("first", "backupType: full");

    story.backup("second", "backupType: full");

    story.await(
        "the first Backup object is gone",
        SOON,
        () -> story.get("Backup", "first").isMissingNode(),
        gone -> gone);
    assertThat(story.get("Backup", "second").isMissingNode()).isFalse();
    story.await(
        "it is told",
        SOON,
        story::events,
        events -> events.contains("Cluster/cluster-demo BackupExpired: backup 'first' ("));
  }

  @Test
  void deletingABackupRemovesItWhereThePolicySaysSoAndADeletedClusterLeavesItsBackups() {
    Story story = teller.story();
    story.apply(
        story
            .stanza()
            .with(
                "  stanzaConfiguration:",
                "  deletionPolicy: ExpireBackup\n  stanzaConfiguration:"));
    story.apply(Story.quick("cluster.yaml"));
    story.awaitReady("cluster-demo");
    story.backup("gone", "backupType: full");
    story.backup("left", "backupType: full");
    story.await(
        "both are held",
        SOON,
        () -> story.list("Backup").toString().split("expire-backup", -1).length - 1,
        held -> held >= 2);

    story.delete("Backup", "gone");
    story.await(
        "the Backup object is gone",
        SOON,
        () -> story.get("Backup", "gone").isMissingNode(),
        gone -> gone);
    assertThat(story.events()).contains("Cluster/cluster-demo BackupDeleted: backup 'gone' (");
    assertThat(
            story.exec(
                "cluster-demo-1",
                "pgbackrest-plugin",
                "sh",
                "-c",
                "pgbackrest --config=$(ls /run/pgbackrest-plugin/archive-*.conf | grep -v -e -repo)"
                    + " --repo=1 repo-ls backup/main | grep -c F$"))
        .isEqualTo("1");

    story.delete("Cluster", "cluster-demo");
    story.await(
        "the Cluster is gone",
        SOON,
        () -> story.get("Cluster", "cluster-demo").isMissingNode(),
        gone -> gone);
    story.awaitReason("stanza-sample", "Archiving", "ClusterGone");
    story.delete("Backup", "left");
    story.await(
        "the operator lets the other object go",
        SOON,
        () -> story.get("Backup", "left").isMissingNode(),
        gone -> gone);
  }

  @Test
  void aSecondClusterOnTheStanzaIsRefusedAndTheFirstGoesOn() {
    Story story = teller.story();
    story.archivingCluster();
    story.switchWalAndAwaitArchived("cluster-demo-1");

    story.apply(Story.quick("cluster.yaml").with("name: cluster-demo", "name: cluster-second"));
    story.await(
        "the second cluster says whose stanza it is",
        Duration.ofMinutes(5),
        () -> story.get("Cluster", "cluster-second").path("status").toString() + story.events(),
        words -> words.contains("stanza 'stanza-sample' belongs to the Cluster 'cluster-demo'"));

    story.switchWalAndAwaitArchived("cluster-demo-1");
    assertThat(
            story
                .get("Stanza", "stanza-sample")
                .path("status")
                .path("owner")
                .path("cluster")
                .asText())
        .isEqualTo("cluster-demo");
  }

  @Test
  void aStanzaThatCannotWorkSaysSoBeforeAClusterUsesIt() {
    Story story = teller.story();
    String yaml = story.stanza().yaml();
    story.apply(new Manifest(yaml.substring(yaml.indexOf("\n---\n") + 5)));

    JsonNode stanza =
        story.await(
            "the stanza says that its Secret is missing",
            Duration.ofSeconds(30),
            () -> story.get("Stanza", "stanza-sample"),
            s -> Story.condition(s, "Valid").equals("False"));

    assertThat(stanza.path("status").path("conditions").toString())
        .contains("secret 'pgbackrest-s3-secret' does not exist in namespace");
    story.apply(story.stanza());
    story.await(
        "it is valid",
        Duration.ofSeconds(90),
        () -> Story.condition(story.get("Stanza", "stanza-sample"), "Valid"),
        "True"::equals);
  }

  private static JsonNode awaitReady(Story story, String status, String reason) {
    return story.await(
        "the stanza is Ready: %s, %s".formatted(status, reason),
        SOON,
        () -> story.get("Stanza", "stanza-sample"),
        stanza -> {
          for (JsonNode condition : stanza.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
              return condition.path("status").asText().equals(status)
                  && condition.path("reason").asText().equals(reason);
            }
          }
          return false;
        });
  }
}
