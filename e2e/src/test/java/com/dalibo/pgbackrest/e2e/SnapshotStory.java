package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The storage makes the backups, the plugin keeps the WAL between them. Needs a StorageClass and a
/// VolumeSnapshotClass `csi`, which `./run cluster csi` makes.
class SnapshotStory {
  private static final String CLUSTER = "cluster-demo";
  private static final int ROWS = 40;
  private static final String RESTORED = "cluster-restored-snapshot";

  @RegisterExtension final StoryTeller teller = new StoryTeller("snapshot");

  @Test
  void aSnapshotAndTheArchiveLeadToTheLatestRowAndToAMoment() {
    Story story = teller.story();
    clusterWithOneRow(story);
    snapshot(story, "");
    insert(story, 2);
    String time = story.timeBetweenRows(CLUSTER + "-1");
    archive(story, 3);

    story.apply(restored(story));
    awaitSidecarInRecovery(story);
    story.awaitReady(RESTORED);
    assertThat(rows(story, RESTORED + "-1")).isEqualTo("1,2,3");

    story.psql(RESTORED + "-1", "INSERT INTO story VALUES (4)");
    story.switchWalAndAwaitArchived(RESTORED + "-1");
    story.apply(
        new Manifest(
            Manifest.example("backup.yaml")
                .yaml()
                .replace("backup-example", "of-the-restored")
                .replace(CLUSTER, RESTORED)));
    story.awaitCompleted("of-the-restored");
    story.awaitNoGap("stanza-restored");

    story.apply(
        new Manifest(
            restoredWithoutArchive()
                .yaml()
                .replace(RESTORED, "at-a-moment")
                .replace(
                    "      source: origin",
                    "      recoveryTarget: {targetTime: \"" + time + "\"}\n      source: origin")));
    story.awaitReady("at-a-moment");
    assertThat(rows(story, "at-a-moment-1")).isEqualTo("1,2");
  }

  @Test
  void aColdSnapshotIsOneToo() {
    Story story = teller.story();
    clusterWithOneRow(story);
    snapshotOffline(story);
    archive(story, 2);

    story.apply(restored(story));
    story.awaitReady(RESTORED);

    assertThat(rows(story, RESTORED + "-1")).isEqualTo("1,2");
  }

  @Test
  void aCloneCannotArchiveToTheStanzaOfItsOrigin() {
    Story story = teller.story();
    clusterWithOneRow(story);
    snapshot(story, "");
    archive(story, 2);

    story.apply(
        new Manifest(
            restored(story)
                .yaml()
                .replace("stanzaRef: stanza-restored", "stanzaRef: stanza-sample")));
    story.awaitReady(RESTORED);
    story.await(
        "the archive is refused",
        Story.READY,
        () -> {
          story.psql(
              RESTORED + "-1",
              "SELECT pg_logical_emit_message(false, 'story', ''); SELECT pg_switch_wal()");
          return story.get("Cluster", RESTORED).path("status").path("conditions").toString();
        },
        conditions ->
            conditions.contains("must not archive to stanza 'stanza-sample'")
                && conditions.contains("the archive it was recovered from"));
    assertThat(rows(story, RESTORED + "-1")).isEqualTo("1,2");

    insert(story, 3);
    story.backup("unspoilt", "backupType: incr");
    story.awaitNoGap("stanza-sample");
  }

  @Test
  void aStandbyComesFromASnapshotAndTheArchive() {
    Story story = teller.story();
    clusterWithOneRow(story);
    snapshot(story, "");
    archive(story, 2);

    story.mergePatch("Cluster", CLUSTER, "{\"spec\":{\"instances\":2}}");
    story.awaitReady(CLUSTER);

    assertThat(
            story
                .get("PersistentVolumeClaim", CLUSTER + "-2")
                .path("spec")
                .path("dataSource")
                .path("kind")
                .asText())
        .isEqualTo("VolumeSnapshot");
    story.switchover(CLUSTER, CLUSTER + "-2");
    assertThat(rows(story, CLUSTER + "-2")).isEqualTo("1,2");
    story.switchWalAndAwaitArchived(CLUSTER + "-2");
    story.awaitNoGap("stanza-sample");
  }

  @Test
  void aRecoveryWaitsForItsArchiveAndDoesNotEndShort() {
    Story story = teller.story();
    clusterWithOneRow(story);
    snapshotOffline(story);
    archive(story, 2);

    story.apply(
        restoredWithoutArchive().with("stanzaRef: stanza-sample", "stanzaRef: not-there-yet"));
    story.awaitEvent(
        "the recovery says what it waits for",
        event ->
            event.contains("RecoveryWaits")
                && event.contains("there is no Stanza 'not-there-yet'"));
    story.apply(
        new Manifest(
            story
                .stanza()
                .yaml()
                .replaceFirst("(?s).*---\n(?=apiVersion: pgbackrest)", "")
                .replace("name: stanza-sample", "name: not-there-yet")));
    story.awaitReady(RESTORED);

    assertThat(rows(story, RESTORED + "-1")).isEqualTo("1,2");
  }

  @Test
  void aSidecarKilledInARecoveryDelaysItAndDoesNotEndIt() {
    Story story = teller.story();
    clusterWithOneRow(story);
    snapshot(story, "");
    for (int n = 2; n <= ROWS; n++) {
      story.psql(CLUSTER + "-1", "INSERT INTO story VALUES (" + n + "); SELECT pg_switch_wal()");
    }
    story.switchWalAndAwaitArchived(CLUSTER + "-1");

    story.apply(restored(story));
    Recovery recovery = new Recovery(story, RESTORED);
    recovery.awaitWal(Story.READY);
    story.killSidecar(recovery.pod());
    story.awaitReady(RESTORED);

    assertThat(story.psql(RESTORED + "-1", "SELECT count(*) FROM story"))
        .isEqualTo(Integer.toString(ROWS));
    assertThat(story.psql(RESTORED + "-1", "SHOW restore_command"))
        .startsWith("/controller/manager wal-restore");
  }

  @Test
  void aVolumeGrowsUnderARunningInstance() {
    Story story = teller.story();
    clusterWithOneRow(story);
    String started = story.psql(CLUSTER + "-1", "SELECT pg_postmaster_start_time()");

    story.mergePatch("Cluster", CLUSTER, "{\"spec\":{\"storage\":{\"size\":\"2Gi\"}}}");
    story.await(
        "the volume has grown",
        Story.READY,
        () ->
            story
                .get("PersistentVolumeClaim", CLUSTER + "-1")
                .path("status")
                .path("capacity")
                .path("storage")
                .asText(),
        "2Gi"::equals);
    story.awaitReady(CLUSTER);
    archive(story, 2);
    story.backup("grown", "backupType: incr");
    story.awaitNoGap("stanza-sample");

    assertThat(story.psql(CLUSTER + "-1", "SELECT pg_postmaster_start_time()")).isEqualTo(started);
  }

  /// The backup of the plugin is what the Stanza asks for, and what its archive is expired by.
  private static void clusterWithOneRow(Story story) {
    story.apply(story.stanza());
    story.apply(Story.quick("cluster-snapshots.yaml"));
    story.awaitReady(CLUSTER);
    story.psql(CLUSTER + "-1", "CREATE TABLE story AS SELECT 1 AS n");
    story.backup("full", "backupType: full");
  }

  private static void snapshot(Story story, String more) {
    story.apply(
        Manifest.example("backup-snapshot.yaml")
            .with("  method: volumeSnapshot\n", "  method: volumeSnapshot\n" + more));
    JsonNode backup = story.awaitCompleted("backup-snapshot");
    story.say(backup.path("status").path("snapshotBackupStatus").toString());
  }

  private static void snapshotOffline(Story story) {
    snapshot(story, "  online: false\n");
    story.await(
        "PostgreSQL runs again", Story.READY, () -> rows(story, CLUSTER + "-1"), "1"::equals);
  }

  private static Manifest restored(Story story) {
    return Story.quick("cluster-restored-snapshot.yaml")
        .with("/cluster-restored\n", story.repoPath() + "-restored\n");
  }

  /// The Cluster of the example, which only reads.
  private static Manifest restoredWithoutArchive() {
    return new Manifest(
        Story.quick("cluster-restored-snapshot.yaml")
            .yaml()
            .replaceFirst("(?s).*\n---\n", "")
            .replaceFirst("(?s)  plugins:.*  probes:", "  probes:"));
  }

  private static void awaitSidecarInRecovery(Story story) {
    story.await(
        "the recovery has the sidecar",
        Story.READY,
        () -> {
          String pod = new Recovery(story, RESTORED).pod();
          return pod.isEmpty() ? List.<String>of() : story.containers(pod);
        },
        containers -> containers.contains("pgbackrest-plugin"));
  }

  private static void archive(Story story, int n) {
    insert(story, n);
    story.switchWalAndAwaitArchived(CLUSTER + "-1");
  }

  private static void insert(Story story, int n) {
    story.psql(CLUSTER + "-1", "INSERT INTO story VALUES (" + n + ")");
  }

  private static String rows(Story story, String pod) {
    return story.psql(pod, "SELECT string_agg(n::text, ',' ORDER BY n) FROM story");
  }
}
