package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// CloudNativePG takes a cluster from PostgreSQL 17 to 18 in place: the archive goes on, and both
/// sides of the change can be restored. Needs the image that `./run cluster image 18` makes.
class UpgradeStory {
  private static final String FROM = "docker.io/local/postgresql:17";
  private static final String TO = "docker.io/local/postgresql:18";

  @RegisterExtension final StoryTeller teller = new StoryTeller("upgrade");

  @Test
  void theArchiveGoesOnInTheNextMajorVersionAndBothCanBeRestored() {
    Story story = teller.story();
    story.apply(story.stanza());
    story.apply(of(FROM, "cluster.yaml"));
    story.awaitReady("cluster-demo");
    story.psql("cluster-demo-1", "CREATE TABLE story AS SELECT 17 AS n");
    forgetWhatOnlyDebiansSeventeenKnows(story);
    String old = backupId(story.backup("of-17", "backupType: full"));
    story.awaitNoGap("stanza-sample");

    story.mergePatch("Cluster", "cluster-demo", "{\"spec\":{\"imageName\":\"" + TO + "\"}}");
    story.await(
        "PostgreSQL 18 runs",
        Story.READY,
        () -> story.psql("cluster-demo-1", "SHOW server_version_num"),
        version -> version.startsWith("18"));
    story.awaitReady("cluster-demo");
    story.psql("cluster-demo-1", "INSERT INTO story VALUES (18)");
    story.switchWalAndAwaitArchived("cluster-demo-1");
    assertThat(story.events()).contains("StanzaUpgraded");
    story.await(
        "the Stanza asks for a backup of what was written since",
        Story.READY,
        () -> story.get("Stanza", "stanza-sample").path("status").path("conditions").toString(),
        conditions -> conditions.contains("NoBackup"));

    JsonNode backup = story.backup("of-18", "backupType: incr");
    assertThat(backupId(backup)).as("a full backup, whatever was asked for").endsWith("F");
    story.psql("cluster-demo-1", "INSERT INTO story VALUES (180)");
    story.switchWalAndAwaitArchived("cluster-demo-1");
    story.awaitNoGap("stanza-sample");

    story.apply(of(TO, "cluster-restored.yaml"));
    story.awaitReady("cluster-restored");
    assertThat(rows(story, "cluster-restored-1")).isEqualTo("17,18,180");

    story.apply(of(FROM, "cluster-restored-backup.yaml").with("20260210-101333F", old));
    story.awaitReady("cluster-restored-backup");
    assertThat(rows(story, "cluster-restored-backup-1")).isEqualTo("17");
  }

  /// Debian's PostgreSQL 17.12 gives every column an option `pg_attver`, which pg_upgrade carries
  /// over and 18.6 refuses.
  private static void forgetWhatOnlyDebiansSeventeenKnows(Story story) {
    story.psql(
        "cluster-demo-1",
        "UPDATE pg_attribute SET attoptions = NULL WHERE attrelid = 'story'::regclass");
  }

  private static Manifest of(String image, String example) {
    return new Manifest(
        Story.quick(example)
            .yaml()
            .replace("  instances: 1", "  instances: 1\n  imageName: " + image));
  }

  private static String backupId(JsonNode backup) {
    return backup.path("status").path("backupId").asText();
  }

  private static String rows(Story story, String pod) {
    return story.psql(pod, "SELECT string_agg(n::text, ',' ORDER BY n) FROM story");
  }
}
