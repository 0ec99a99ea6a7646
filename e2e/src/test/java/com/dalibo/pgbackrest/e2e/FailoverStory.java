package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Three instances, a primary that dies and one that steps down: the archive has no gap, and an
/// archive that is away holds no promotion up for long.
class FailoverStory {
  /// What a promotion may lose to an archive that does not answer.
  private static final Duration BUDGET = Duration.ofSeconds(15);

  /// What CNPG takes to notice the loss and to promote, on a busy machine.
  private static final Duration CNPG = Duration.ofSeconds(60);

  @RegisterExtension final StoryTeller teller = new StoryTeller("failover");

  @Test
  void theArchiveHasNoGapAfterAFailoverAndASwitchover() {
    Story story = teller.story();
    story.apply(story.stanza());
    story.apply(Story.quick("cluster.yaml").with("instances: 1", "instances: 3"));
    story.awaitReady("cluster-demo");
    story.psql("cluster-demo-1", "CREATE TABLE story (n int)");
    story.apply(
        new Manifest(
            Manifest.example("backup.yaml")
                .yaml()
                .replace("  method:", "  target: primary\n  method:")));
    story.awaitCompleted("backup-example");
    insert(story, 1);

    String first = story.primary("cluster-demo");
    story.deleteWithoutGrace(first);
    story.await(
        "another instance is primary",
        Duration.ofMinutes(3),
        () -> story.primary("cluster-demo"),
        now -> !now.equals(first) && !now.isEmpty());
    story.awaitReady("cluster-demo");
    insert(story, 2);

    String second = story.primary("cluster-demo");
    story.switchover("cluster-demo", first);
    assertThat(second).isNotEqualTo(first);
    insert(story, 3);

    story.apply(Story.quick("cluster-restored.yaml"));
    story.awaitReady("cluster-restored");
    assertThat(
            story.psql(
                "cluster-restored-1", "SELECT string_agg(n::text, ',' ORDER BY n) FROM story"))
        .isEqualTo("1,2,3");
  }

  @Test
  void aPromotionWaitsForAStoreThatIsAwayForItsBudgetOnly() {
    Story story = teller.story();
    Store store = new Store(story);
    store.connect();
    story.apply(store.stanza());
    story.apply(Story.quick("cluster.yaml").with("instances: 1", "instances: 3"));
    story.awaitReady("cluster-demo");
    String first = story.primary("cluster-demo");
    story.psql(first, "CREATE TABLE story (n int)");
    story.switchWalAndAwaitArchived(first);

    store.disconnect();
    story.psql(first, "INSERT INTO story VALUES (1)");
    story.await(
        "both standbys have the row",
        Duration.ofMinutes(1),
        () ->
            story.psql(
                first,
                "SELECT count(*) FROM pg_stat_replication WHERE replay_lsn >= pg_current_wal_lsn()"),
        "2"::equals);
    story.deleteWithoutGrace(first);
    Instant lost = Instant.now();
    String second =
        story.await(
            "another instance takes writes",
            CNPG.plus(BUDGET),
            () -> {
              String now = story.primary("cluster-demo");
              return now.equals(first)
                  ? ""
                  : story.psql(now, "INSERT INTO story VALUES (2) RETURNING '" + now + "'");
            },
            now -> !now.isEmpty());
    story.say(Duration.between(lost, Instant.now()).toSeconds() + " s without a primary");
    story.await(
        "the stanza no longer says that WAL is archived",
        Duration.ofSeconds(20),
        () -> Story.condition(story.get("Stanza", "stanza-sample"), "Archiving"),
        status -> !status.equals("True"));
    story.await(
        "it is told what may be missing",
        Duration.ofMinutes(1),
        () -> told(story, "PromotedWithoutWAL"),
        times -> times > 0);
    assertThat(story.events())
        .contains("Cluster/cluster-demo PromotionWaits: pod '" + second + "' becomes primary")
        .contains("(parameter 'promotionTimeout' of the plugin in the Cluster)")
        .contains("Cluster/cluster-demo PromotedWithoutWAL: pod '" + second + "' became primary")
        .contains("can be recovered by a restore from that stanza into another cluster");

    store.connect();
    story.awaitReady("cluster-demo");
    story.switchWalAndAwaitArchived(second);
    story.await(
        "the stanza says that WAL is archived",
        Duration.ofMinutes(2),
        () -> Story.condition(story.get("Stanza", "stanza-sample"), "Archiving"),
        "True"::equals);
    assertThat(story.psql(second, "SELECT string_agg(n::text, ',' ORDER BY n) FROM story"))
        .isEqualTo("1,2");
    assertThat(told(story, "PromotionWaits")).isEqualTo(1);
    assertThat(told(story, "PromotedWithoutWAL")).isEqualTo(1);
  }

  /// How often an event of this reason was written about the Cluster.
  private static int told(Story story, String reason) {
    int times = 0;
    for (JsonNode event : story.list("Event").path("items")) {
      if (event.path("reason").asText().equals(reason)
          && event.path("involvedObject").path("kind").asText().equals("Cluster")) {
        times += Math.max(1, event.path("count").asInt());
      }
    }
    return times;
  }

  private static void insert(Story story, int n) {
    String primary = story.primary("cluster-demo");
    story.await(
        "row " + n + " is written on " + primary,
        Duration.ofMinutes(1),
        () ->
            story.psql(
                story.primary("cluster-demo"), "INSERT INTO story VALUES (" + n + ") RETURNING n"),
        Integer.toString(n)::equals);
    story.switchWalAndAwaitArchived(story.primary("cluster-demo"));
  }
}
