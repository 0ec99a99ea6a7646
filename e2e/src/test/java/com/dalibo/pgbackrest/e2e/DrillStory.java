package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Restore drills on a real cluster, which has the permissions of `deploy/overlays/drills`: good
/// ones, and those that must fail.
class DrillStory {
  private static final String POD = "cluster-demo-1";

  /// The configuration of pgBackRest in the sidecar, for commands on the repository.
  private static final String REPOSITORY =
      "conf=$(ls /run/pgbackrest-plugin/archive-*.conf | grep -v -e -repo); p=\"pgbackrest --config=$conf --stanza=main --repo=1\"; ";

  @RegisterExtension final StoryTeller teller = new StoryTeller("drill");

  @Test
  void aDrillProvesTheBackupAndLeavesNothingBehind() {
    Story story = clusterWithOrders();

    JsonNode run = Drills.run(story, "nightly", "pages: true, objectives: {rto: 30m, rpo: 30m}");

    assertThat(run.path("result").asText()).as(run.toString()).isEqualTo("Succeeded");
    assertThat(run.path("checks").path(0).path("passed").asBoolean()).isTrue();
    assertThat(run.path("pages").path("read").asLong()).isGreaterThan(1000);
    // The example has none; the run says which it is.
    assertThat(run.path("pages").path("checksums").isBoolean()).isTrue();
    assertThat(run.path("rtoSeconds").asLong()).isBetween(1L, 600L);
    for (String step : new String[] {"podStarted", "copied", "promoted", "ready", "checked"}) {
      assertThat(run.path("steps").has(step)).as(step + " in " + run).isTrue();
    }
    assertThat(run.has("rpoSeconds")).as(run.toString()).isTrue();
    story.say("a drill took " + run.path("seconds") + " seconds");
    Drills.awaitNothingLeft(story);
    JsonNode drill = story.get("RestoreDrill", "nightly");
    assertThat(Story.condition(drill, "Proven")).isEqualTo("True");
    assertThat(Story.condition(drill, "Missed")).isEqualTo("False");
    assertThat(story.get("Stanza", "stanza-sample").at("/status/owner/cluster").asText())
        .isEqualTo("cluster-demo");
    story.switchWalAndAwaitArchived(POD);
    story.awaitReason("stanza-sample", "Ready", "Ready");
  }

  @Test
  void aCheckThatIsNotTrueAndOneWithAnErrorAreFound() {
    Story story = clusterWithOrders();

    JsonNode wrong = Drills.runWith(story, "wrong", "SELECT count(*) > 1000 FROM orders");
    JsonNode error = Drills.runWith(story, "error", "SELECT count(*) > 0 FROM missing");

    assertThat(wrong.path("reason").asText()).isEqualTo("DrillCheckFailed");
    assertThat(wrong.path("message").asText()).contains("it answered 'f'");
    assertThat(error.path("message").asText()).contains("relation \"missing\" does not exist");
    Drills.awaitNothingLeft(story);
  }

  @Test
  void missingWalIsFound() {
    mustFail(
        "wal=$($p repo-ls --recurse --filter='-[0-9a-f]{40}.*$' archive/main | sort | tail -n 2 | head -n 1); $p repo-rm archive/main/$wal",
        "in no repository");
  }

  @Test
  void aMissingManifestIsFound() {
    mustFail(
        "label=$($p repo-ls --filter='F$' backup/main | tail -n 1); $p repo-rm backup/main/$label/backup.manifest; $p repo-rm backup/main/$label/backup.manifest.copy",
        "manifest");
  }

  @Test
  void aMissingFileOfTheBackupIsFound() {
    mustFail(
        "label=$($p repo-ls --filter='F$' backup/main | tail -n 1); file=$($p repo-ls backup/main/$label/bundle | head -n 1);"
            + " $p repo-rm backup/main/$label/bundle/$file",
        "bundle");
  }

  @Test
  void anOperatorThatIsKilledAgainAndAgainFinishesTheDrill() {
    Story story = clusterWithOrders();
    Drills.apply(story, "nightly", "SELECT count(*) > 0 FROM orders", "");
    for (int i = 0; i < 8; i++) {
      story
          .client()
          .pods()
          .inNamespace("cnpg-system")
          .withLabel("app.kubernetes.io/name", "pgbackrest")
          .withGracePeriod(0)
          .delete();
      Story.pause(Duration.ofSeconds(12));
      assertThat(clusters(story)).isLessThanOrEqualTo(1);
    }

    assertThat(Drills.awaitEnd(story, "nightly").path("result").asText()).isEqualTo("Succeeded");
    Drills.awaitNothingLeft(story);
  }

  /// @param spoil a script in the sidecar, after which the newest backup cannot be restored to the
  ///   end of the archive
  private void mustFail(String spoil, String words) {
    Story story = clusterWithOrders();
    for (int i = 0; i < 4; i++) {
      story.psql(POD, "INSERT INTO orders SELECT generate_series(1, 1000)");
      story.switchWalAndAwaitArchived(POD);
    }
    story.exec(POD, "pgbackrest-plugin", "sh", "-ec", REPOSITORY + spoil);

    JsonNode run = Drills.run(story, "nightly", "");

    assertThat(run.path("result").asText()).as(run.toString()).isEqualTo("Failed");
    assertThat(run.path("reason").asText()).as(run.toString()).isEqualTo("DrillRestoreFailed");
    assertThat(run.path("message").asText()).contains(words);
    story.say("found: " + run.path("message").asText());
    assertThat(Story.condition(story.get("RestoreDrill", "nightly"), "Proven")).isEqualTo("False");
    Drills.awaitNothingLeft(story);
  }

  private Story clusterWithOrders() {
    Story story = teller.story();
    story.archivingCluster();
    story.psql(POD, "CREATE TABLE orders AS SELECT generate_series(1, 10) AS id");
    story.backup("first", "backupType: full");
    story.psql(POD, "INSERT INTO orders VALUES (11)");
    story.switchWalAndAwaitArchived(POD);
    return story;
  }

  private static long clusters(Story story) {
    long found = 0;
    for (JsonNode cluster : story.list("Cluster").path("items")) {
      found += cluster.at("/metadata/name").asText().startsWith("drill-") ? 1 : 0;
    }
    return found;
  }
}
