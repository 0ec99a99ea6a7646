package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Drills of Clusters that have what a restore has to bring along: a cipher, a volume for WAL,
/// tablespaces, another major version than CNPG's default.
class DrillKindsStory {
  private static final String POD = "cluster-demo-1";
  private static final String MORE =
      "\n  walStorage: {size: 1Gi}\n  tablespaces: [{name: fast, storage: {size: 1Gi}}]\n  storage:";
  private static final String CIPHER =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: pgbackrest-cipher}
      stringData: {far: a-story-of-a-cipher}
      """;

  @RegisterExtension final StoryTeller teller = new StoryTeller("drill-kinds");

  @ParameterizedTest
  @ValueSource(strings = {"15", "18"})
  void aCipherAVolumeForWalAndATablespaceAreProven(String major) {
    Story story = teller.story();
    story.apply(new Manifest(CIPHER));
    story.apply(
        new Manifest(
            story
                .stanza()
                .yaml()
                .replace(
                    "        uriStyle: path",
                    "        cipherConfig: {encryptionPass: {name: pgbackrest-cipher, key: far}}\n        uriStyle: path")));
    story.apply(
        new Manifest(
            Story.quick("cluster.yaml")
                .yaml()
                .replace("  storage:", "  imageName: docker.io/local/postgresql:" + major + MORE)));
    story.awaitReady("cluster-demo");
    story.await(
        "the tablespace is there",
        Story.READY,
        () -> story.psql(POD, "SELECT count(*) FROM pg_tablespace WHERE spcname = 'fast'"),
        "1"::equals);
    story.psql(POD, "CREATE TABLE orders TABLESPACE fast AS SELECT generate_series(1, 10) AS id");
    story.backup("full", "backupType: full");
    story.psql(POD, "INSERT INTO orders VALUES (11)");
    story.switchWalAndAwaitArchived(POD);

    JsonNode run = Drills.run(story, "nightly", "pages: true");

    assertThat(run.path("result").asText()).as(run.toString()).isEqualTo("Succeeded");
    assertThat(run.at("/versions/postgres").asText()).startsWith(major);
    Drills.awaitNothingLeft(story);
  }
}
