package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A drill each minute of 240 MB beside a Cluster with a steady load, which notices nothing of it:
/// neither its archive nor its Stanza. `-Ddrill.minutes=30` for a long run.
class DrillLoadStory {
  private static final int MINUTES = Integer.getInteger("drill.minutes", 4);
  private static final String POD = "cluster-demo-1";

  /// Transactions per second. As many as the machine can do would only tell how two programs share
  /// it, and leave each drill more WAL to replay than the one before.
  private static final String RATE = "50";

  /// Each is 15 MB.
  private static final int SCALE = 16;

  private static final String FAILED = "SELECT failed_count FROM pg_stat_archiver";

  @RegisterExtension final StoryTeller teller = new StoryTeller("drill-load");

  @Test
  void aDrillEachMinuteDisturbsNothing() {
    Story story = teller.story();
    story.archivingCluster();
    story.exec(POD, "postgres", "pgbench", "-i", "-q", "-s", "" + SCALE, "postgres");
    // Otherwise the backup waits for one that takes minutes.
    story.psql(POD, "CHECKPOINT");
    story.backup("full", "backupType: full");
    String failed = story.psql(POD, FAILED);
    String alone = pgbench(story);
    story.apply(
        new Manifest(
            """
            apiVersion: pgbackrest.dalibo.com/v1
            kind: RestoreDrill
            metadata: {name: often}
            spec:
              stanzaRef: stanza-sample
              schedule: "0 * * * * *"
              history: {successful: 50, failed: 50}
              checks: [{name: rows, database: postgres, sql: "SELECT count(*) = %d FROM pgbench_accounts"}]
            """
                .formatted(SCALE * 100_000)));

    Instant end = Instant.now().plus(Duration.ofMinutes(MINUTES));
    while (Instant.now().isBefore(end)) {
      String beside = pgbench(story);
      story.say("pgbench alone: %s; beside drills: %s".formatted(alone, beside));
      JsonNode stanza = story.get("Stanza", "stanza-sample");
      for (String condition : List.of("Valid", "Archiving", "Ready")) {
        assertThat(Story.condition(stanza, condition))
            .as(condition + " of " + stanza.path("status"))
            .isEqualTo("True");
      }
    }
    story.mergePatch("RestoreDrill", "often", "{\"spec\":{\"suspend\":true}}");
    story.await(
        "no run is on its way",
        Duration.ofMinutes(8),
        () -> Drills.runs(story, "often"),
        runs -> runs.stream().allMatch(run -> run.at("/status/phase").asText().equals("Ended")));

    List<JsonNode> runs = Drills.runs(story, "often");
    story.say(runs.size() + " drills in " + MINUTES + " minutes");
    runs.forEach(
        run ->
            story.say(
                "rto %s s of %s"
                    .formatted(run.at("/status/rtoSeconds").asText(), run.at("/status/seconds"))));
    assertThat(runs).hasSizeGreaterThanOrEqualTo(MINUTES / 4);
    assertThat(runs)
        .allSatisfy(
            run ->
                assertThat(run.at("/status/result").asText())
                    .as(run.toString())
                    .isEqualTo("Succeeded"));
    assertThat(story.psql(POD, FAILED)).isEqualTo(failed);
    story.switchWalAndAwaitArchived(POD);
    story.awaitNoGap("stanza-sample");
    Drills.awaitNothingLeft(story);
  }

  /// Half a minute of it; its latency and transactions per second.
  private static String pgbench(Story story) {
    return story
        .exec(POD, "postgres", "pgbench", "-n", "-c", "2", "-R", RATE, "-T", "30", "postgres")
        .lines()
        .filter(line -> line.startsWith("tps") || line.startsWith("latency average"))
        .collect(Collectors.joining(", "));
  }
}
