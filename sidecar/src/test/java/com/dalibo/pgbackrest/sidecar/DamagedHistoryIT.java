package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The history of the timeline that a recovery follows is cut off in the middle of a position,
/// which is a position, too. It has no checksum in a repository.
///
/// Row 1 is in the backup, row 2 on the new timeline.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class DamagedHistoryIT {
  private static final String HISTORY = "00000002.history";
  private static final List<String> BUCKETS = List.of("one", "two");

  @TempDir static Path directory;
  private final Map<String, byte[]> whole = new HashMap<>();
  private TestCluster datacenter;
  private PlanLab lab;

  @BeforeAll
  void aClusterThatHasFailedOver() throws Exception {
    datacenter = new TestCluster(directory, "one", "two");
    lab =
        new PlanLab(
            datacenter,
            "s",
            datacenter.repository("one", "/s", ""),
            datacenter.repository("two", "/s", ""));
    lab.insert();
    lab.backup("full", 1);
    lab.archive();
    lab.failOver(Postgres.Stop.FAST);
    lab.insert();
    lab.archive();
    lab.stop();
    for (var bucket : BUCKETS) {
      whole.put(bucket, datacenter.s3.get(bucket, key(bucket)));
    }
  }

  @AfterEach
  void putItBack() {
    BUCKETS.forEach(bucket -> datacenter.s3.put(bucket, key(bucket), whole.get(bucket)));
  }

  @AfterAll
  void end() {
    lab.close();
    datacenter.close();
  }

  @Test
  void anotherRepositoryHasIt() throws Exception {
    for (var bucket : BUCKETS) {
      cutOff(bucket);

      assertThat(PlanLab.words(lab.plan("", ""))).startsWith("True");
      assertThat(lab.restoreOnce("")).isEqualTo(new PlanLab.Truth(Optional.of("1,2"), ""));

      putItBack();
    }
  }

  @Test
  void damagedEverywhereItIsNamedAndNothingIsRestoredWithoutIt() throws Exception {
    BUCKETS.forEach(this::cutOff);

    assertThat(lab.restoreOnce("").failure())
        .contains(
            "/%s' in repository 2 is damaged: the history of timeline 2 is cut off after 5 characters; remedy: put it back, from pg_wal of an instance or from another repository"
                .formatted(HISTORY));
  }

  /// It is asked for by PostgreSQL, and before WAL is given that the new timeline may have left.
  @Test
  void aReplicaClusterIsNotGivenIt() throws Exception {
    var replica = replica();
    try (var job = Instance.recovery(datacenter, replica, PostgresInstallation.NEWEST)) {
      job.job().run();
    }
    try (var designated =
        Instance.existing(datacenter, replica.primary("e-1"), PostgresInstallation.NEWEST)) {
      var fetched = designated.pod.pgData().resolve("fetched");
      cutOff("one");
      designated.manager.restore(HISTORY, fetched);
      assertThat(fetched).hasBinaryContent(whole.get("one"));

      cutOff("two");
      assertThat(
              InstanceManager.failureOf(
                  () -> designated.manager.restore(HISTORY, directory.resolve("damaged"))))
          .contains(
              "WAL file '%s' is damaged in repository ".formatted(HISTORY),
              " of stanza 's': the history of timeline 2 is cut off after 5 characters; remedy: restore that file in the repository");
      assertThat(directory.resolve("damaged")).doesNotExist();
    }
  }

  private void cutOff(String bucket) {
    var cut = Arrays.copyOf(whole.get(bucket), "1\t0/3".length());
    assertThat(new String(cut, StandardCharsets.US_ASCII)).startsWith("1\t0/");
    datacenter.s3.put(bucket, key(bucket), cut);
  }

  private String key(String bucket) {
    return datacenter.s3.keys(bucket).stream()
        .filter(key -> key.endsWith("/" + HISTORY))
        .findFirst()
        .orElseThrow();
  }

  private static ClusterDefinition replica() {
    return ClusterDefinition.of(
        """
        {apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: e}, spec: {
          replica: {enabled: true, source: o}, bootstrap: {recovery: {source: o}},
          externalClusters: [{name: o, plugin: {name: pgbackrest.dalibo.com, parameters: {stanzaRef: s}}}]}}
        """);
  }
}
