package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Programs that hang (`kill -STOP`) neither stop the archive for long nor pass unnoticed.
class HungProgramStory {
  private static final String CLUSTER = "cluster-demo";
  private static final String POD = "cluster-demo-1";

  @RegisterExtension final StoryTeller teller = new StoryTeller("hung");

  @Test
  void aSidecarThatHangsIsReportedAndRestartedAndArchivesOn() {
    Story story = teller.story();
    story.archivingCluster();
    story.switchWalAndAwaitArchived(POD);
    awaitArchiving(story, "True", "Archiving");

    new HungProgram(story, POD).stop("java");
    // As if it had hung for longer than it does before its restart.
    story
        .client()
        .genericKubernetesResources(Kind.apiVersion("Stanza"), "Stanza")
        .inNamespace(story.namespace())
        .withName("stanza-sample")
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"status\":{\"observedTime\":\"%s\"}}"
                .formatted(
                    Instant.now().minus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS)));
    awaitArchiving(story, "Unknown", "StatusOverdue");
    String told =
        story.await(
            "it is told",
            Duration.ofSeconds(30),
            story::events,
            events -> events.contains("Cluster/cluster-demo StatusOverdue: "));
    assertThat(told)
        .contains("StatusOverdue: the sidecar of pod '" + POD + "'")
        .contains("kubectl delete pod --namespace " + story.namespace() + " " + POD);

    Instant hung = Instant.now();
    story.await(
        "the sidecar is restarted",
        Duration.ofMinutes(5),
        () -> restarts(story, POD),
        restarts -> restarts == 1);
    story.say("restarted after " + Duration.between(hung, Instant.now()).toSeconds() + " s");
    story.switchWalAndAwaitArchived(POD);
    awaitArchiving(story, "True", "Archiving");
  }

  @Test
  void aPushThatHangsIsEndedAndItsFileIsTriedAgain() {
    Story story = teller.story();
    Store store = new Store(story);
    store.connect();
    story.apply(store.stanza());
    story.apply(Story.quick("cluster.yaml"));
    story.awaitReady(CLUSTER);
    story.switchWalAndAwaitArchived(POD);

    // A push that waits for its store lives long enough to be stopped.
    store.disconnect();
    story.psql(POD, "CREATE TABLE story AS SELECT 1 AS n");
    story.psql(POD, "SELECT pg_switch_wal()");
    new HungProgram(story, POD).stop("archive-push");
    store.connect();
    Instant hung = Instant.now();
    story.await(
        "the segment is archived",
        Duration.ofMinutes(8),
        () ->
            story.psql(
                POD, "SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'"),
        "0"::equals);
    story.say("archived after " + Duration.between(hung, Instant.now()).toSeconds() + " s");

    assertThat(story.log(POD, "pgbackrest-plugin")).contains("it made no progress for 300 s");
    assertThat(restarts(story, POD)).isZero();
    awaitArchiving(story, "True", "Archiving");
  }

  @Test
  void aBackupOfTheStandbyEndsAlthoughTheServerOnThePrimaryHangs() {
    Story story = teller.story();
    story.apply(new Manifest(story.stanza().yaml() + "    startFast: true\n"));
    story.apply(Story.quick("cluster.yaml").with("instances: 1", "instances: 2"));
    story.awaitReady(CLUSTER);
    String primary = story.primary(CLUSTER);
    story.psql(
        primary,
        "CREATE TABLE big AS SELECT n, md5(n::text) || md5((n + 1)::text) AS text FROM generate_series(1, 300000) n");
    story.backup("before", "backupType: full");

    HungProgram server = new HungProgram(story, primary);
    server.stop("server");
    story.say("backup with a server that hangs: " + ended(story, "asked"));

    story.apply(backup("under-way"));
    story.await(
        "the backup is running",
        Duration.ofMinutes(3),
        () -> story.log(story.standby(CLUSTER), "pgbackrest-plugin"),
        log -> log.split("backup start archive", -1).length > 3);
    server.stop("server");
    story.say("backup whose server hangs meanwhile: " + ended(story, "under-way"));

    story.backup("after", "backupType: full");
  }

  /// The end of a Backup, whichever it is.
  private static String ended(Story story, String name) {
    if (story.get("Backup", name).isMissingNode()) {
      story.apply(backup(name));
    }
    JsonNode status =
        story
            .await(
                "Backup " + name + " has ended",
                Duration.ofMinutes(8),
                () -> story.get("Backup", name),
                b ->
                    List.of("completed", "failed")
                        .contains(b.path("status").path("phase").asText()))
            .path("status");
    if (status.path("phase").asText().equals("failed")) {
      assertThat(status.path("error").asText()).isNotEmpty();
    }
    return status.path("phase").asText() + " " + status.path("error").asText();
  }

  private static Manifest backup(String name) {
    return new Manifest(Manifest.example("backup.yaml").yaml().replace("backup-example", name));
  }

  private static int restarts(Story story, String pod) {
    for (JsonNode container : story.get("Pod", pod).path("status").path("initContainerStatuses")) {
      if (container.path("name").asText().equals("pgbackrest-plugin")) {
        return container.path("restartCount").asInt();
      }
    }
    throw new AssertionError(pod + " has no sidecar");
  }

  private static void awaitArchiving(Story story, String status, String reason) {
    story.awaitReason("stanza-sample", "Archiving", reason);
    assertThat(Story.condition(story.get("Stanza", "stanza-sample"), "Archiving"))
        .isEqualTo(status);
  }
}
