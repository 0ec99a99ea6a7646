package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.kubernetes.ClusterReader;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesApi;
import com.dalibo.pgbackrest.sidecar.walrestore.NotFoundMarkers;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTriesTest {
  @TempDir Path pgData;
  private Instant clock = Instant.parse("2026-11-29T12:00:00Z");

  @Test
  void eachTimeOfTheSignalIsATryWhateverPodItIsIn() throws IOException {
    var first = tries();
    assertThat(first.look(cluster("uid-1"))).isEmpty();
    signal();
    assertThat(first.look(cluster("uid-1"))).isEmpty();
    assertThat(first.look(cluster("uid-1"))).isEmpty();
    var second = tries();
    assertThat(second.look(cluster("uid-1"))).isEmpty();
    signal();
    assertThat(second.look(cluster("uid-1"))).isEmpty();
    var third = tries();
    signal();

    assertThat(third.look(cluster("uid-1")).orElseThrow()).contains("not completed in 2 tries");
    assertThat(third.look(cluster("uid-1"))).isEmpty();
    signal();
    assertThat(third.look(cluster("uid-1")).orElseThrow()).contains("not completed in 3 tries");
  }

  @Test
  void whatTheSnapshotBroughtOfAnotherRecoveryIsNotCounted() throws IOException {
    var earlier = tries();
    for (var n = 0; n < 3; n++) {
      signal();
      var _ = earlier.look(cluster("uid-1"));
    }

    var tries = tries();
    assertThat(tries.look(cluster("uid-2"))).isEmpty();
    for (var n = 0; n < 2; n++) {
      signal();
      assertThat(tries.look(cluster("uid-2"))).isEmpty();
    }
    signal();
    assertThat(tries.look(cluster("uid-2")).orElseThrow()).contains("not completed in 2 tries");
  }

  /// The job may fail after the recovery, and its next try is one of the same.
  @Test
  void itIsForgottenOnceThereIsAnInstance() throws IOException {
    Files.createDirectories(pgData.resolve("global"));
    Files.createFile(pgData.resolve("global/pg_control"));
    var tries = tries();
    signal();
    var _ = tries.look(cluster("uid-1"));
    Files.delete(pgData.resolve("recovery.signal"));
    PodBootstrap.forgetRecovery(pgData);
    assertThat(pgData.resolve("pgbackrest-plugin.tries")).exists();

    new PodBootstrap(
            false,
            new SnapshotRecovery(pgData, pgData, new NotFoundMarkers(pgData.resolve("miss"))),
            pgData,
            pgData)
        .follow(
            Cluster.parse(
                "{\"metadata\": {\"name\": \"new\"}, \"status\": {\"currentPrimary\": \"new-1\"}}"
                    .getBytes(StandardCharsets.UTF_8)));

    assertThat(pgData.resolve("pgbackrest-plugin.tries")).doesNotExist();
  }

  private SnapshotTries tries() throws IOException {
    var api = new KubernetesApi(URI.create("https://localhost:1"), pgData);
    var tries =
        new SnapshotTries(
            pgData,
            "new-1-snapshot-recovery",
            false,
            new ClusterReader(api, "n", "new"),
            new Events(api, "new-1-snapshot-recovery"));
    tries.begin();
    return tries;
  }

  /// As CNPG writes it.
  private void signal() throws IOException {
    clock = clock.plusSeconds(30);
    var file = pgData.resolve("recovery.signal");
    Files.write(file, new byte[0]);
    Files.setLastModifiedTime(file, FileTime.from(clock));
  }

  private static Cluster cluster(String uid) {
    return Cluster.parse(
        "{\"metadata\": {\"name\": \"new\", \"namespace\": \"n\", \"uid\": \"%s\"}}"
            .formatted(uid)
            .getBytes(StandardCharsets.UTF_8));
  }
}
