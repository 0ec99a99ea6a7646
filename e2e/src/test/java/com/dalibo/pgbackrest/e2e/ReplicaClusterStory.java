package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two clusters that see nothing of each other but the archives: one follows the other, and they
/// change roles without a rebuild.
class ReplicaClusterStory {
  private static final String DEMO = "cluster-demo";
  private static final String REPLICA = "cluster-replica";
  private static final Duration LIMIT = Duration.ofMinutes(4);

  @RegisterExtension final StoryTeller teller = new StoryTeller("replica");

  @Test
  void followsByTheArchiveAloneArchivesAndRefusesABackupWithTheReason() {
    Story story = teller.story();
    replicaOfDemo(story);

    insert(story, DEMO, 2);
    awaitRows(story, REPLICA, "1,2");
    story.await(
        "the replica's own Stanza holds WAL too",
        LIMIT,
        () -> story.get("Stanza", "stanza-replica").path("status").findValue("archiveMax"),
        wal -> wal != null && wal.asText().length() == 24);

    story.apply(backup(REPLICA, "of-the-replica"));
    JsonNode refused =
        story.await(
            "Backup of-the-replica has failed",
            LIMIT,
            () -> story.get("Backup", "of-the-replica"),
            b -> b.path("status").path("phase").asText().equals("failed"));
    assertThat(refused.path("status").path("error").asText())
        .contains("'cluster-replica' is a replica cluster")
        .contains("promote this one first");
  }

  @Test
  void followsOnAfterTheLossOfItsDesignatedPrimary() {
    Story story = teller.story();
    replicaOfDemo(story);
    story.mergePatch("Cluster", REPLICA, "{\"spec\":{\"instances\":2}}");
    story.awaitReady(REPLICA);

    String first = story.primary(REPLICA);
    story.deleteWithoutGrace(first);
    story.await(
        "another instance follows the archive",
        LIMIT,
        () -> story.primary(REPLICA),
        now -> !now.isEmpty() && !now.equals(first));
    insert(story, DEMO, 2);

    for (JsonNode name : story.get("Cluster", REPLICA).path("status").path("instanceNames")) {
      story.await(
          name.asText() + " has rows 1,2",
          LIMIT,
          () -> story.psql(name.asText(), "SELECT string_agg(n::text, ',' ORDER BY n) FROM story"),
          "1,2"::equals);
    }
    story.awaitReady(REPLICA);
  }

  @Test
  void theTwoChangeRolesTwiceEachWayWithoutARebuild() {
    Story story = teller.story();
    replicaOfDemo(story);
    String initialised = systemIdentifier(story, DEMO);
    StringBuilder rows = new StringBuilder("1");
    String primary = DEMO;
    String follower = REPLICA;
    for (int round = 2; round <= 5; round++) {
      insert(story, primary, round * 10);
      switchRoles(story, primary, follower);
      String former = primary;
      primary = follower;
      follower = former;
      insert(story, primary, round * 10 + 1);
      rows.append(",").append(round * 10).append(",").append(round * 10 + 1);
      awaitRows(story, follower, rows.toString());
      assertThat(rows(story, primary)).isEqualTo(rows.toString());
    }
    assertThat(systemIdentifier(story, REPLICA)).isEqualTo(initialised);
    assertThat(story.list("Pod").path("items")).as("nothing was rebuilt").hasSize(2);

    // From the first primary back to the replica, and what it archived is of use.
    switchRoles(story, primary, follower);
    insert(story, follower, 60);
    story.apply(backup(follower, "of-the-promoted"));
    story.awaitCompleted("of-the-promoted");
    insert(story, follower, 61);
    story.apply(
        new Manifest(
            Story.quick("cluster-restored.yaml")
                .yaml()
                .replace("stanza-sample", "stanza-replica")));
    story.awaitReady("cluster-restored");
    assertThat(rows(story, "cluster-restored")).isEqualTo(rows + ",60,61");
  }

  private static void replicaOfDemo(Story story) {
    story.archivingCluster();
    story.psql(DEMO + "-1", "CREATE TABLE story (n int)");
    story.psql(DEMO + "-1", "INSERT INTO story VALUES (1)");
    story.backup("full", "backupType: full");
    story.apply(
        Story.quick("cluster-replica.yaml")
            .with("/cluster-replica", story.repoPath() + "-replica"));
    story.awaitReady(REPLICA);
    story.switchWalAndAwaitArchived(DEMO + "-1");
    awaitRows(story, REPLICA, "1");
    // Now that the other one is there, the first can say which one would follow or be followed.
    story.mergePatch(
        "Cluster",
        DEMO,
        """
        {"spec": {
          "replica": {"primary": "cluster-demo", "source": "cluster-replica"},
          "externalClusters": [%s, %s]}}
        """
            .formatted(external(DEMO, "stanza-sample"), external(REPLICA, "stanza-replica")));
  }

  private static String external(String cluster, String stanza) {
    return """
    {"name": "%s", "plugin": {"name": "pgbackrest.dalibo.com", "parameters": {"stanzaRef": "%s"}}}
    """
        .formatted(cluster, stanza);
  }

  /// As CloudNativePG documents it: demote, take the token, promote with the token.
  private static void switchRoles(Story story, String from, String to) {
    story.mergePatch(
        "Cluster",
        from,
        "{\"spec\":{\"replica\":{\"primary\":\"%s\",\"source\":\"%s\",\"promotionToken\":null}}}"
            .formatted(to, to));
    String token =
        story.await(
            from + " is demoted and gives a token",
            LIMIT,
            () -> story.get("Cluster", from).path("status").path("demotionToken").asText(),
            text -> !text.isEmpty());
    story.mergePatch(
        "Cluster",
        to,
        "{\"spec\":{\"replica\":{\"primary\":\"%s\",\"source\":\"%s\",\"promotionToken\":\"%s\"}}}"
            .formatted(to, from, token));
    story.await(
        to + " is promoted with it",
        LIMIT,
        () -> story.psql(to + "-1", "SELECT pg_is_in_recovery()"),
        "f"::equals);
    story.await(
        to + " says so",
        LIMIT,
        () -> story.get("Cluster", to).path("status").path("lastPromotionToken").asText(),
        token::equals);
    story.awaitReady(to);
  }

  private static void insert(Story story, String cluster, int n) {
    story.psql(cluster + "-1", "INSERT INTO story VALUES (" + n + ")");
    story.switchWalAndAwaitArchived(cluster + "-1");
  }

  private static void awaitRows(Story story, String cluster, String rows) {
    story.await(cluster + " has rows " + rows, LIMIT, () -> rows(story, cluster), rows::equals);
  }

  private static String rows(Story story, String cluster) {
    return story.psql(cluster + "-1", "SELECT string_agg(n::text, ',' ORDER BY n) FROM story");
  }

  private static String systemIdentifier(Story story, String cluster) {
    return story.psql(cluster + "-1", "SELECT system_identifier FROM pg_control_system()");
  }

  private static Manifest backup(String cluster, String name) {
    return new Manifest(
        Manifest.example("backup.yaml")
            .yaml()
            .replace("backup-example", name)
            .replace("cluster-demo", cluster));
  }
}
