package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What the WAL after a base backup needs, and the manifest of the new Cluster has or lacks.
class RecoveryNeedsStory {
  private static final String CLUSTER = "cluster-demo";
  private static final String POD = "cluster-demo-1";
  private static final String RESTORED = "cluster-restored";
  private static final String LATE =
      "  tablespaces: [{name: late, storage: {size: 1Gi}}]\n  storage:";

  @RegisterExtension final StoryTeller teller = new StoryTeller("needs");

  @Test
  void aTablespaceMadeAfterTheBackupIsRestoredWhereItIsDeclaredAndOtherwiseReported() {
    Story story = teller.story();
    story.archivingCluster();
    story.backup("before", "backupType: full");
    story.apply(Story.quick("cluster.yaml").with("  storage:", LATE));
    story.await(
        "the tablespace is there",
        Story.READY,
        () -> story.psql(POD, "SELECT count(*) FROM pg_tablespace WHERE spcname = 'late'"),
        "1"::equals);
    story.awaitReady(CLUSTER);
    story.psql(POD, "CREATE TABLE story TABLESPACE late AS SELECT generate_series(1, 3) AS n");
    story.switchWalAndAwaitArchived(POD);

    story.apply(
        new Manifest(Story.quick(RESTORED + ".yaml").yaml().replace(RESTORED, "not-declared")));
    story.apply(Story.quick(RESTORED + ".yaml").with("  storage:", LATE));
    story.awaitReady(RESTORED);
    assertThat(story.psql(RESTORED + "-1", "SELECT sum(n) FROM story")).isEqualTo("6");

    story.await(
        "it is told what the other Cluster lacks",
        Duration.ofMinutes(5),
        story::events,
        events ->
            events.contains(
                "create cluster 'not-declared' again with 'late' in spec.tablespaces, with the size it"
                    + " needs"));
    assertThat(story.events()).contains("Cluster/not-declared RestoreFailed: ");
  }

  @Test
  void aParameterRaisedAfterTheBackupIsReportedWithinAMinuteAndTheRemedyWorks() {
    Story story = teller.story();
    story.apply(story.stanza());
    story.apply(withConnections(Story.quick("cluster.yaml"), 50));
    story.awaitReady(CLUSTER);
    story.psql(POD, "CREATE TABLE story (n int)");
    story.backup("before", "backupType: full");
    story.apply(withConnections(Story.quick("cluster.yaml"), 200));
    story.await(
        "PostgreSQL has restarted",
        Story.READY,
        () -> story.psql(POD, "SHOW max_connections"),
        "200"::equals);
    story.awaitReady(CLUSTER);
    story.psql(POD, "INSERT INTO story VALUES (1)");
    story.switchWalAndAwaitArchived(POD);

    story.apply(withConnections(Story.quick(RESTORED + ".yaml"), 50));
    Recovery recovery = new Recovery(story, RESTORED);
    story.await(
        "recovery has begun",
        Story.READY,
        recovery::log,
        log -> log.contains("starting") && log.contains("recovery"));
    String told =
        story.await(
            "it is told which parameter is too small",
            Duration.ofMinutes(1),
            story::events,
            events -> events.contains("Cluster/" + RESTORED + " RecoveryPaused: "));
    assertThat(told)
        .contains("the WAL was written with max_connections = 200, and the cluster has 50")
        .contains("Set at least that in spec.postgresql.parameters of the Cluster");

    story.mergePatch(
        "Cluster",
        RESTORED,
        "{\"spec\":{\"postgresql\":{\"parameters\":{\"max_connections\":\"200\"}}}}");
    story.client().pods().inNamespace(story.namespace()).withName(recovery.pod()).delete();
    story.awaitReady(RESTORED);
    assertThat(story.psql(RESTORED + "-1", "SELECT sum(n) FROM story")).isEqualTo("1");
  }

  private static Manifest withConnections(Manifest cluster, int number) {
    return cluster.with(
        "  storage:",
        "  postgresql: {parameters: {max_connections: \"" + number + "\"}}\n  storage:");
  }
}
