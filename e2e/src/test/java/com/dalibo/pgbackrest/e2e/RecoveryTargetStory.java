package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Targets at and after the end of the archive, and recoveries that fail after the copy: no backup
/// is copied twice.
class RecoveryTargetStory {
  private static final String POD = "cluster-demo-1";
  private static final String COPYING = "\"copying the backup\"";
  private static final String CONTINUES =
      "the recovery goes on with the data directory of an earlier try";

  @RegisterExtension final StoryTeller teller = new StoryTeller("target");

  @Test
  void theLatestRestorableTimeIsTheLatestMomentAndALaterOneIsRefusedBeforeTheCopy() {
    Story story = teller.story();
    story.archivingCluster();
    story.psql(POD, "CREATE TABLE story AS SELECT 1 AS n");
    story.backup("full", "backupType: full");
    story.psql(POD, "INSERT INTO story VALUES (2)");
    Instant inserted = Instant.now();
    story.switchWalAndAwaitArchived(POD);
    String latest =
        story.await(
            "the stanza says until when can be restored",
            Duration.ofMinutes(7),
            () ->
                story
                    .get("Stanza", "stanza-sample")
                    .path("status")
                    .path("latestRestorableTime")
                    .asText(),
            time -> !time.isEmpty() && !Instant.parse(time).isBefore(inserted));
    story.say("latestRestorableTime " + latest);

    try (SidecarLogs logs = SidecarLogs.of(story, "latest")) {
      story.apply(restoredTo("latest", latest));
      story.awaitReady("latest");
      assertThat(rows(story, "latest-1")).isEqualTo("1,2");
      assertThat(logs.count(COPYING)).as("copies").isEqualTo(1);
    }
    try (SidecarLogs logs = SidecarLogs.of(story, "later")) {
      aLaterOneIsRefused(story, latest, logs);
    }
  }

  private static void aLaterOneIsRefused(Story story, String latest, SidecarLogs logs) {
    String later = Instant.parse(latest).plus(1, ChronoUnit.HOURS).toString();
    story.apply(restoredTo("later", later));
    String told =
        story.await(
            "the later moment is refused",
            Duration.ofMinutes(3),
            story::events,
            events -> events.contains("Cluster/later RecoveryTargetUnreachable: "));
    Matcher remedy =
        Pattern.compile(
                "RecoveryTargetUnreachable: the recovery cannot reach .* was archived at .*"
                    + " Set recoveryTarget.targetTime to '([^']+)'")
            .matcher(told);
    assertThat(remedy.find()).as(told).isTrue();
    assertThat(logs.count(COPYING)).as("copies for a moment that cannot be reached").isZero();

    story.mergePatch(
        "Cluster",
        "later",
        "{\"spec\":{\"bootstrap\":{\"recovery\":{\"recoveryTarget\":{\"targetTime\":\"%s\"}}}}}"
            .formatted(remedy.group(1)));
    story.awaitReady("later");
    assertThat(rows(story, "later-1")).isEqualTo("1,2");
    assertThat(logs.count(COPYING)).as("copies").isEqualTo(1);
  }

  @Test
  void aRecoveryThatFailedAfterTheCopyGoesOnWithWhatIsThere() {
    Story story = teller.story();
    story.archivingCluster();
    story.psql(POD, "CREATE TABLE story (n int)");
    story.backup("full", "backupType: full");
    for (int n = 1; n <= 20; n++) {
      story.psql(POD, "INSERT INTO story VALUES (" + n + "); SELECT pg_switch_wal()");
    }
    story.switchWalAndAwaitArchived(POD);

    try (SidecarLogs logs = SidecarLogs.of(story, "cluster-restored")) {
      recoverWithAKilledPostgres(story);
      assertThat(story.psql("cluster-restored-1", "SELECT count(*) FROM story")).isEqualTo("20");
      assertThat(logs.count(CONTINUES)).as("recoveries that went on").isPositive();
      assertThat(logs.count(COPYING)).as("copies").isEqualTo(1);
    }
  }

  private static void recoverWithAKilledPostgres(Story story) {
    story.apply(Story.quick("cluster-restored.yaml"));
    Recovery recovery = new Recovery(story, "cluster-restored");
    recovery.awaitWal(Duration.ofMinutes(3));
    String first = recovery.pod();
    JsonNode labels = story.get("Pod", first).path("metadata").path("labels");
    String container = labels.path("cnpg.io/jobRole").asText("bootstrap-instance");
    story.exec(
        first,
        container,
        "bash",
        "-c",
        "kill -9 $(head -1 /var/lib/postgresql/data/pgdata/postmaster.pid)");
    story.say("killed the postmaster of " + first);
    story.awaitReady("cluster-restored");
  }

  private static Manifest restoredTo(String name, String time) {
    return new Manifest(
        Story.quick("cluster-restored-time.yaml")
            .yaml()
            .replace("cluster-restored-time", name)
            .replaceFirst("targetTime: .*", "targetTime: \"" + time + "\""));
  }

  private static String rows(Story story, String pod) {
    return story.psql(pod, "SELECT string_agg(n::text, ',' ORDER BY n) FROM story");
  }
}
