package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A cluster of three under load, to which something happens every minute, also without its store
/// and with programs that hang, and then restores to moments in between. Not among the stories:
/// `./run e2e Soak`, with `-Dsoak.minutes` (30) and `-Dsoak.seed` in `MAVEN_ARGS`.
class Soak {
  private static final int MINUTES = Integer.getInteger("soak.minutes", 30);
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  /// How long the store is away, in seconds.
  private static final int AWAY_AT_LEAST = 60;

  private static final int AWAY_AT_MOST = 240;

  /// What may happen.
  enum Trouble {
    KILL_PRIMARY,
    KILL_POSTGRES,
    KILL_STANDBY,
    KILL_SIDECAR,
    KILL_OPERATOR,
    SWITCHOVER,
    BACKUP,
    STORE_AWAY,
    STORE_AWAY_AND_KILL_PRIMARY,
    HANG_SIDECAR,
    HANG_PUSH
  }

  @RegisterExtension final StoryTeller teller = new StoryTeller("soak");

  private final long seed = Long.getLong("soak.seed", Instant.now().getEpochSecond());
  private final Random random = new Random(seed);
  private final Map<Trouble, Integer> happened = new EnumMap<>(Trouble.class);

  @Test
  void whatWasAcknowledgedAndArchivedComesBackAtEachMoment() {
    Story story = teller.story();
    story.say("seed " + seed + ", " + MINUTES + " minutes");
    Store store = new Store(story);
    store.connect();
    story.apply(store.stanza());
    story.apply(
        Story.quick("cluster.yaml")
            .with("instances: 1", "instances: 3")
            .with(
                "  storage:", "  postgresql: {synchronous: {method: any, number: 1}}\n  storage:"));
    story.awaitReady("cluster-demo");
    backup(story, 0);
    Writer writer = Writer.start(story);
    try (writer) {
      causeTrouble(story);
    }
    story.await(
        "both standbys follow",
        PATIENCE,
        () ->
            story.psql(
                story.primary("cluster-demo"),
                "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"),
        "2"::equals);
    story.await(
        "the archive is complete",
        PATIENCE,
        () -> {
          story.switchWalAndAwaitArchived(story.primary("cluster-demo"));
          return true;
        },
        archived -> archived);

    String primary = story.primary("cluster-demo");
    assertThat(writer.missing(primary)).as("acknowledged rows that the cluster lost").isEmpty();
    for (int i = 1; i <= 3; i++) {
      compare(story, writer, primary, "restored-" + i);
    }
    story.say(
        "%s; %d rows acknowledged, none lost, %d attempts refused, longest time without a primary %d s, segments: %s, timelines: %s"
            .formatted(
                happened,
                writer.acknowledged().size(),
                writer.refused(),
                writer.longestPause().toSeconds(),
                story.psql(primary, "SELECT archived_count FROM pg_stat_archiver"),
                story.psql(primary, "SELECT timeline_id FROM pg_control_checkpoint()")));
  }

  private void causeTrouble(Story story) {
    Instant end = Instant.now().plus(Duration.ofMinutes(MINUTES));
    for (int round = 1; Instant.now().isBefore(end); round++) {
      Instant next = Instant.now().plus(Duration.ofMinutes(1));
      Trouble trouble = Trouble.values()[random.nextInt(Trouble.values().length)];
      happened.merge(trouble, 1, Integer::sum);
      story.say("round " + round + ": " + trouble);
      cause(story, trouble, round);
      story.awaitReady("cluster-demo");
      while (Instant.now().isBefore(next)) {
        Story.pause(Duration.ofSeconds(1));
      }
    }
  }

  private void cause(Story story, Trouble trouble, int round) {
    String primary = story.primary("cluster-demo");
    switch (trouble) {
      case KILL_PRIMARY -> killPrimary(story, primary);
      case KILL_POSTGRES -> story.killPostgres(primary);
      case KILL_STANDBY -> story.deleteWithoutGrace(standby(primary));
      case KILL_SIDECAR -> story.killSidecar(primary);
      case KILL_OPERATOR -> new PluginOperator(story).kill();
      case SWITCHOVER -> story.switchover("cluster-demo", streaming(story, primary));
      case BACKUP -> backup(story, round);
      case STORE_AWAY, STORE_AWAY_AND_KILL_PRIMARY -> {
        Store store = new Store(story);
        store.disconnect();
        Duration away =
            Duration.ofSeconds(AWAY_AT_LEAST + random.nextInt(AWAY_AT_MOST - AWAY_AT_LEAST));
        Instant back = Instant.now().plus(away);
        if (trouble == Trouble.STORE_AWAY_AND_KILL_PRIMARY) {
          killPrimary(story, primary);
        }
        story.say("the store is away for " + away.toSeconds() + " s");
        Story.pause(Duration.between(Instant.now(), back));
        store.connect();
      }
      case HANG_SIDECAR -> new HungProgram(story, primary).stop("java");
      case HANG_PUSH -> {
        // A push that waits for its store lives long enough to be stopped.
        Store store = new Store(story);
        store.disconnect();
        story.psql(primary, "SELECT pg_switch_wal()");
        new HungProgram(story, primary).stop("archive-push");
        store.connect();
      }
    }
  }

  private static void killPrimary(Story story, String primary) {
    story.deleteWithoutGrace(primary);
    story.await(
        "there is another primary",
        PATIENCE,
        () -> story.primary("cluster-demo"),
        now -> !now.equals(primary) && !now.isEmpty());
  }

  private static void backup(Story story, int round) {
    story.apply(
        new Manifest(
            Manifest.example("backup.yaml")
                .yaml()
                .replace("backup-example", "backup-" + round)
                .replace("backupType: full", "backupType: " + (round == 0 ? "full" : "diff"))
                .replace("  method:", "  target: primary\n  method:")));
    story.awaitCompleted("backup-" + round);
  }

  private String standby(String primary) {
    List<String> standbys =
        List.of("cluster-demo-1", "cluster-demo-2", "cluster-demo-3").stream()
            .filter(name -> !name.equals(primary))
            .toList();
    return standbys.get(random.nextInt(standbys.size()));
  }

  /// Who switches over to another one loses what that has not received yet.
  private static String streaming(Story story, String primary) {
    return story.await(
        "a standby streams",
        PATIENCE,
        () ->
            story.psql(
                primary,
                "SELECT coalesce(min(application_name), '') FROM pg_stat_replication WHERE state = 'streaming'"),
        name -> !name.isEmpty());
  }

  /// A restore to the middle between two rows that are far enough apart.
  private void compare(Story story, Writer writer, String primary, String name) {
    List<Integer> rows = List.copyOf(writer.acknowledged().keySet());
    int first = rows.get(rows.size() / 10 + random.nextInt(rows.size() * 8 / 10));
    Instant from = writer.acknowledged().get(first);
    Instant moment =
        writer.acknowledged().values().stream()
            .filter(at -> at.isAfter(from))
            .findFirst()
            .map(next -> from.plus(Duration.between(from, next).dividedBy(2)))
            .orElse(from);
    String expected =
        story.psql(
            primary,
            "SELECT count(*) || ' ' || coalesce(md5(string_agg(n::text, ',' ORDER BY n)), '') FROM written WHERE at <= '%s'"
                .formatted(moment));
    story.apply(
        new Manifest(
            Story.quick("cluster-restored-time.yaml")
                .yaml()
                .replace("cluster-restored-time", name)
                .replaceFirst("targetTime: .*", "targetTime: \"" + moment + "\"")));
    story.awaitReady(name);

    assertThat(
            story.psql(
                name + "-1",
                "SELECT count(*) || ' ' || coalesce(md5(string_agg(n::text, ',' ORDER BY n)), '') FROM written"))
        .as("rows restored to %s", moment)
        .isEqualTo(expected);
    story.say("restored to " + moment + ": " + expected.split(" ", 2)[0] + " rows, all equal");
    story.delete("Cluster", name);
  }
}
