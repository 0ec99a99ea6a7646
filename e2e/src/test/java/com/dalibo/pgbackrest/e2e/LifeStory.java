package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What CloudNativePG does with a cluster day by day: the archive has no gap after any of it.
class LifeStory {
  private static final String CLUSTER = "cluster-demo";

  @RegisterExtension final StoryTeller teller = new StoryTeller("life");

  @Test
  void aHibernatedClusterCanBeRestoredToItsLastRowAndArchivesOnWhenItWakesUp() {
    Story story = teller.story();
    archivingWithBackup(story);
    insert(story, 1);

    story.annotate("Cluster", CLUSTER, "cnpg.io/hibernation", "on");
    awaitPods(story, 0);
    story.apply(Story.quick("cluster-restored.yaml"));
    story.awaitReady("cluster-restored");
    assertThat(rows(story, "cluster-restored-1"))
        .as("what was archived when the cluster fell asleep")
        .isEqualTo("1");
    story.delete("Cluster", "cluster-restored");

    story.annotate("Cluster", CLUSTER, "cnpg.io/hibernation", "off");
    story.await(
        "PostgreSQL is awake",
        Story.READY,
        () -> story.psql(CLUSTER + "-1", "SELECT 1"),
        "1"::equals);
    story.awaitReady(CLUSTER);
    insert(story, 2);
    story.backup("awake", "backupType: incr");
    story.awaitNoGap("stanza-sample");
  }

  @Test
  void aFencedInstanceGoesOnWhereItStopped() {
    Story story = teller.story();
    archivingWithBackup(story);
    insert(story, 1);

    story.annotate("Cluster", CLUSTER, "cnpg.io/fencedInstances", "[\\\"*\\\"]");
    story.await(
        "PostgreSQL is fenced",
        Story.READY,
        () -> isRunning(story, CLUSTER + "-1"),
        running -> !running);
    story.apply(backup("while-fenced"));
    story.await(
        "a Backup meanwhile does not complete",
        Story.READY,
        () -> story.get("Backup", "while-fenced").path("status"),
        status -> status.path("phase").asText().equals("failed"));
    story.say(story.get("Backup", "while-fenced").path("status").path("error").asText());
    story.annotate("Cluster", CLUSTER, "cnpg.io/fencedInstances", "");
    story.await(
        "PostgreSQL runs again",
        Story.READY,
        () -> isRunning(story, CLUSTER + "-1"),
        running -> running);
    story.awaitReady(CLUSTER);
    insert(story, 2);

    story.backup("unfenced", "backupType: incr");
    story.awaitNoGap("stanza-sample");
  }

  @Test
  void growsShrinksAndRollsWithoutAGap() {
    Story story = teller.story();
    archivingWithBackup(story);
    insert(story, 1);
    story.mergePatch("Cluster", CLUSTER, "{\"spec\":{\"instances\":3}}");
    story.awaitReady(CLUSTER);
    insert(story, 2);
    story.backup("of-three", "backupType: incr");

    String evicted = story.standby(CLUSTER);
    String uid = uid(story, evicted);
    story.client().pods().inNamespace(story.namespace()).withName(evicted).evict();
    story.await(
        "the evicted " + evicted + " is back",
        Story.READY,
        () -> uid(story, evicted),
        now -> !now.isEmpty() && !now.equals(uid));
    story.awaitReady(CLUSTER);

    story.mergePatch(
        "Cluster",
        CLUSTER,
        "{\"spec\":{\"postgresql\":{\"parameters\":{\"max_connections\":\"123\"}}}}");
    for (JsonNode name : story.get("Cluster", CLUSTER).path("status").path("instanceNames")) {
      story.await(
          name.asText() + " has restarted with another parameter",
          Story.READY,
          () -> story.psql(name.asText(), "SHOW max_connections"),
          "123"::equals);
    }
    story.awaitReady(CLUSTER);
    insert(story, 3);

    String last = story.primary(CLUSTER);
    String before = uid(story, last);
    story.annotate(
        "Cluster",
        CLUSTER,
        "kubectl.kubernetes.io/restartedAt",
        java.time.Instant.now().toString());
    story.await(
        "the primary is restarted, the last of the three",
        Story.READY,
        () -> uid(story, last),
        now -> !now.isEmpty() && !now.equals(before));
    story.awaitReady(CLUSTER);
    insert(story, 4);

    story.mergePatch("Cluster", CLUSTER, "{\"spec\":{\"instances\":1}}");
    awaitPods(story, 1);
    story.awaitReady(CLUSTER);
    insert(story, 5);
    story.backup("of-one", "backupType: incr");
    story.awaitNoGap("stanza-sample");
    assertThat(rows(story, story.primary(CLUSTER))).isEqualTo("1,2,3,4,5");
  }

  @Test
  void anotherSidecarImageOfAPluginConfigReachesTheClustersThatNameItAndNoOther() {
    Story story = teller.story();
    PluginOperator operator = new PluginOperator(story);
    String installed = operator.sidecarImage();
    String other = operator.otherSidecarImage();
    story.apply(pluginConfig("stage-one", installed));
    story.apply(pluginConfig("stage-two", installed));
    story.apply(story.stanza());
    story.apply(ofStage("stage-one").with("instances: 1", "instances: 2"));
    story.apply(
        new Manifest(
            ofStage("stage-two")
                .with("isWALArchiver: true", "isWALArchiver: false")
                .yaml()
                .replace(CLUSTER, "cluster-later")));
    story.awaitReady(CLUSTER);
    story.awaitReady("cluster-later");
    String later = uid(story, "cluster-later-1");
    story.backup("before", "backupType: full");

    Writer writer = Writer.start(story);
    try (writer) {
      story.mergePatch("PluginConfig", "stage-one", "{\"spec\":{\"image\":\"" + other + "\"}}");
      // CNPG asks when it looks at a Cluster the next time, which an annotation makes now.
      for (String cluster : List.of(CLUSTER, "cluster-later")) {
        story.annotate("Cluster", cluster, "pgbackrest.dalibo.com/sidecar", "another image");
      }
      for (String pod : List.of(CLUSTER + "-1", CLUSTER + "-2")) {
        story.await(
            pod + " has the other image",
            Story.READY,
            () -> story.sidecarImage(pod),
            other::equals);
      }
      story.awaitReady(CLUSTER);
    }
    story.switchWalAndAwaitArchived(story.primary(CLUSTER));
    story.backup("after", "backupType: incr");
    story.awaitNoGap("stanza-sample");

    story.apply(Story.quick("cluster-restored.yaml"));
    story.awaitReady("cluster-restored");
    assertThat(writer.missing("cluster-restored-1"))
        .as("acknowledged rows that a restore does not bring")
        .isEmpty();
    assertThat(uid(story, "cluster-later-1")).as("the pod of the next stage").isEqualTo(later);
    assertThat(story.sidecarImage("cluster-later-1")).isEqualTo(installed);
  }

  private static Manifest pluginConfig(String name, String image) {
    return Manifest.example("pluginconfig.yaml")
        .with("plugin-config", name)
        .with("spec:", "spec:\n  image: " + image);
  }

  private static Manifest ofStage(String pluginConfig) {
    return Story.quick("cluster.yaml")
        .with(
            "stanzaRef: stanza-sample",
            "stanzaRef: stanza-sample\n        pluginConfigRef: " + pluginConfig);
  }

  @Test
  void whatAlterSystemSetComesBackAndTheRecoveryLeavesNothingThere() {
    Story story = teller.story();
    story.apply(story.stanza());
    story.apply(
        Story.quick("cluster.yaml")
            .with("  storage:", "  postgresql: {enableAlterSystem: true}\n  storage:"));
    story.awaitReady(CLUSTER);
    story.psql(CLUSTER + "-1", "CREATE TABLE story (n int)");
    story.psql(CLUSTER + "-1", "ALTER SYSTEM SET work_mem = '7MB'");
    story.backup("first", "backupType: full");
    insert(story, 1);

    story.apply(Story.quick("cluster-restored.yaml"));
    story.awaitReady("cluster-restored");

    assertThat(story.psql("cluster-restored-1", "SHOW work_mem")).isEqualTo("7MB");
    assertThat(
            story.psql(
                "cluster-restored-1",
                "SELECT string_agg(name, ',') FROM pg_file_settings WHERE sourcefile LIKE '%postgresql.auto.conf'"))
        .isEqualTo("work_mem");
  }

  @Test
  void thePluginIsEnabledAndDisabledOnThreeInstancesThatRun() {
    Story story = teller.story();
    story.apply(story.stanza());
    story.apply(
        new Manifest(
            Story.quick("cluster.yaml")
                .yaml()
                .replace("instances: 1", "instances: 3")
                .replaceFirst("(?s)  plugins:.*  probes:", "  probes:")));
    story.awaitReady(CLUSTER);
    story.psql(story.primary(CLUSTER), "CREATE TABLE story (n int)");

    story.apply(Story.quick("cluster.yaml").with("instances: 1", "instances: 3"));
    awaitSidecars(story, true);
    story.awaitReady(CLUSTER);
    insert(story, 1);
    story.backup("enabled", "backupType: full");
    story.switchover(CLUSTER, story.standby(CLUSTER));
    insert(story, 2);
    story.awaitNoGap("stanza-sample");

    story.mergePatch("Cluster", CLUSTER, "{\"spec\":{\"plugins\":null}}");
    awaitSidecars(story, false);
    story.awaitReady(CLUSTER);
    story.awaitReason("stanza-sample", "Archiving", "PluginDisabled");
    // Without an archive CNPG promotes a standby that has not yet come back to the primary, which
    // lacks what was written meanwhile.
    story.await(
        "both standbys stream",
        Story.READY,
        () -> story.psql(story.primary(CLUSTER), "SELECT count(*) FROM pg_stat_replication"),
        "2"::equals);
    story.psql(story.primary(CLUSTER), "INSERT INTO story VALUES (3); SELECT pg_switch_wal()");
    story.switchover(CLUSTER, story.standby(CLUSTER));
    assertThat(rows(story, story.primary(CLUSTER))).isEqualTo("1,2,3");
  }

  @Test
  void isRestoredInAnotherNamespaceThatCannotWriteToTheArchive() {
    Story story = teller.story();
    archivingWithBackup(story);
    insert(story, 1);
    try (Story elsewhere = new Story("life-elsewhere")) {
      elsewhere.apply(story.stanza());
      elsewhere.apply(Story.quick("cluster-restored.yaml"));
      elsewhere.awaitReady("cluster-restored");
      assertThat(rows(elsewhere, "cluster-restored-1")).isEqualTo("1");

      elsewhere.apply(
          new Manifest(
              Story.quick("cluster-restored.yaml")
                  .yaml()
                  .replaceFirst(
                      "      parameters:", "      isWALArchiver: true\n      parameters:")));
      awaitRefusal(elsewhere, "the archive it was recovered from");
      // Also when the Cluster no longer says where it came from.
      elsewhere.mergePatch(
          "Cluster",
          "cluster-restored",
          "{\"spec\": {\"bootstrap\": null, \"externalClusters\": null}}");
      awaitRefusal(elsewhere, "where another cluster has");
    }
    insert(story, 2);
    story.backup("unspoilt", "backupType: incr");
    story.awaitNoGap("stanza-sample");
  }

  private static void awaitRefusal(Story story, String reason) {
    story.await(
        "the archive is refused: " + reason,
        Story.READY,
        () -> {
          story.psql(
              "cluster-restored-1",
              "SELECT pg_logical_emit_message(false, 'story', ''); SELECT pg_switch_wal()");
          return story.get("Cluster", "cluster-restored").path("status").path("conditions");
        },
        conditions ->
            conditions.toString().contains("must not archive to stanza 'stanza-sample'")
                && conditions.toString().contains(reason));
  }

  private static void archivingWithBackup(Story story) {
    story.archivingCluster();
    story.psql(CLUSTER + "-1", "CREATE TABLE story (n int)");
    story.backup("first", "backupType: full");
  }

  private static void insert(Story story, int n) {
    story.psql(story.primary(CLUSTER), "INSERT INTO story VALUES (" + n + ")");
    story.switchWalAndAwaitArchived(story.primary(CLUSTER));
  }

  private static Manifest backup(String name) {
    return new Manifest(Manifest.example("backup.yaml").yaml().replace("backup-example", name));
  }

  private static boolean isRunning(Story story, String pod) {
    try {
      return story.psql(pod, "SELECT 1").equals("1");
    } catch (IllegalStateException refused) {
      return false;
    }
  }

  private static void awaitPods(Story story, int number) {
    story.await(
        number + " pods are left",
        Duration.ofMinutes(5),
        () -> {
          int left = 0;
          for (JsonNode pod : story.list("Pod").path("items")) {
            if (pod.path("metadata")
                .path("labels")
                .path("cnpg.io/podRole")
                .asText()
                .equals("instance")) {
              left++;
            }
          }
          return left;
        },
        left -> left == number);
  }

  private static void awaitSidecars(Story story, boolean wanted) {
    story.await(
        wanted ? "every instance has the sidecar" : "no instance has the sidecar",
        Duration.ofMinutes(6),
        () -> {
          int matching = 0;
          for (JsonNode name : story.get("Cluster", CLUSTER).path("status").path("instanceNames")) {
            boolean has = story.containers(name.asText()).contains("pgbackrest-plugin");
            boolean there = !uid(story, name.asText()).isEmpty();
            matching += there && has == wanted ? 1 : 0;
          }
          return matching;
        },
        matching -> matching == 3);
  }

  private static String uid(Story story, String pod) {
    return story.get("Pod", pod).path("metadata").path("uid").asText();
  }

  private static String rows(Story story, String pod) {
    return story.psql(pod, "SELECT string_agg(n::text, ',' ORDER BY n) FROM story");
  }
}
