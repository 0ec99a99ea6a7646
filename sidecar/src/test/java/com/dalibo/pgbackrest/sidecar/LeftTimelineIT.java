package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.postgres.TimelineHistory;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a former primary has archived beyond the position at which a new timeline left its own,
/// while the new one has archived its history and, until the last test, nothing else.
///
/// Row 2 is before the fork and in the same segment; 10 and 11 are after it on the former timeline,
/// in that segment and the next one; 20 is on the new one.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(600)
class LeftTimelineIT {
  private static final int MAJOR = PostgresInstallation.NEWEST;
  private static final int TIMES = 3;
  private static final int TAIL = 24;

  @TempDir static Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();
  private TestCluster datacenter;
  private Instance next;
  private Instance follower;
  private Instance another;
  private Instant kept;
  private String fork;

  @BeforeAll
  void aClusterThatHasFailedOver() throws Exception {
    datacenter = new TestCluster(directory, "one", "two");
    open.add(datacenter);
    datacenter.stanza(
        "s",
        "options: {io-timeout: \"3s\"},",
        datacenter.repository("one", "/s", ""),
        datacenter.repository("two", "/s", ""));
    var cluster = TestCluster.archiving("c", "s");
    var former = Instance.initialised(datacenter, cluster, MAJOR, "--wal-segsize=1");
    open.add(former);
    former.postgres.set("track_commit_timestamp", "on").set("autovacuum", "off");
    former.start();
    former.postgres.execute("create table t (n int)", "insert into t values (1)");
    former.backup("backupType: full");
    former.archiveAll();
    follower = follower("e");
    another = follower("f");
    next = former.standby(2);
    open.add(next);
    former.postgres.execute("insert into t values (2)");
    kept =
        Instant.parse(
            former.postgres.value(
                "select to_char(pg_xact_commit_timestamp(xmin) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from t where n = 2"));
    next.start();
    Eventually.until("the standby has row 2", () -> rows(next.postgres).equals("1,2"));
    next.postgres.stop();
    former.postgres.execute("insert into t values (10)");
    fork = former.archiveAll();
    former.postgres.execute("insert into t values (11)");
    former.archiveAll();
    former.postgres.stop();
    cluster.primary("c-2");
    next.start();
    next.postgres.promote();
    next.postgres.waitForPromotion(Eventually.PATIENCE);
    cluster.timeline(2).reported("c-2", true, 2);
    Eventually.until(
        "the new timeline is archived", () -> next.manager.archived().contains("00000002.history"));
    assertThat(datacenter.segments("one", "/s"))
        .contains(fork)
        .noneMatch(segment -> segment.startsWith("00000002"));
  }

  @AfterAll
  void end() throws Exception {
    for (var one : open.reversed()) {
      one.close();
    }
  }

  @Test
  @Order(1)
  void aNewClusterHasWhatTheNewTimelineKeptAndNothingElse() throws Exception {
    var cluster = TestCluster.recovering("r", "s", "", "");
    try (var restored = Instance.recovery(datacenter, cluster, MAJOR).recovered()) {
      assertThat(rows(restored.postgres)).isEqualTo("1,2");
    }
    assertThat(new UserView(datacenter.api).events("Cluster", "RecoveryTargetAtRisk"))
        .contains(
            ("WAL file '%s' is replayed up to %s, where timeline 2 left timeline 1: '00000002%s' is in no repository."
                    + " To recover what timeline 1 wrote after that, set recoveryTarget.targetTLI to '1'")
                .formatted(fork, leftAt(), fork.substring(8)));
  }

  @Test
  @Order(2)
  void thePlanSaysSo() throws Exception {
    var plan = PlanLab.plan(datacenter, directory, "s", "", "");
    assertThat(PlanLab.words(plan)).startsWith("True");
    assertThat(Instant.parse(plan.ends().time())).isEqualTo(kept);
  }

  @Test
  @Order(3)
  void aSidecarThatHasJustStartedKnowsWhatPostgresqlFollows() throws Exception {
    follower.postgres.set("wal_retrieve_retry_interval", "200ms").start();
    waits(follower);
    follower.postgres.stop();
    follower.sidecar().kill();
    follower.startSidecar();
    var asked = follower.pod.pgData().resolve("asked");
    follower.manager.restore(fork, asked);
    var content = Files.readAllBytes(asked);
    var left = (int) (leftAt().value() % content.length);
    assertThat(Arrays.copyOfRange(content, left, content.length)).containsOnly(0);
    assertThat(Arrays.copyOf(content, left)).endsWith(lastRecord(content.length, left));
    assertThatThrownBy(() -> follower.manager.restore(fork, asked))
        .hasMessageContaining("NOT_FOUND")
        .hasMessageContaining(
            "'%s' is not replayed: timeline 2 left timeline 1 at ".formatted(fork));
  }

  @Test
  @Order(4)
  void aReplicaClusterThatIsPromotedHasWhatTheNewTimelineKeptAndNothingElse() throws Exception {
    another.postgres.set("wal_retrieve_retry_interval", "200ms").start();
    waits(another);
    another.manager.close();
    try (var _ = InstanceManager.start(another.pod, promoted(another.cluster))) {
      another.postgres.promote();
      another.postgres.waitForPromotion(Eventually.PATIENCE);
      assertThat(rows(another.postgres)).isEqualTo("1,2");
    }
  }

  @Test
  @Order(5)
  void aRepositoryThatDoesNotAnswerLetsNoReplicaClusterLeaveItsSource() throws Exception {
    next.postgres.execute("insert into t values (20)");
    var first = next.archiveAll();
    datacenter.s3.keys("two").stream()
        .filter(key -> key.contains("/" + first + "-"))
        .forEach(key -> datacenter.s3.delete("two", key));
    datacenter.s3.faults().breakBucket("one");
    follower.postgres.start();
    Eventually.until(
        "it has asked for the new timeline in vain, and for the former one",
        () ->
            follower.manager.restoreErrors().stream()
                    .filter(error -> error.contains("cannot determine whether WAL file '" + first))
                    .count()
                >= TIMES);
    assertThat(rows(follower.postgres)).isEqualTo("1,2");
    datacenter.s3.faults().heal();
    Eventually.until("it follows the new timeline", () -> rows(follower.postgres).equals("1,2,20"));
  }

  /// As the history of the new timeline says.
  private Lsn leftAt() throws Exception {
    var history = Files.readString(next.postgres.walDirectory().resolve("00000002.history"));
    return TimelineHistory.parse(2, history).branches().getFirst().end();
  }

  /// The end of what both timelines have, as the new primary has it.
  private byte[] lastRecord(int size, int left) throws Exception {
    var segment = next.postgres.walDirectory().resolve("00000002" + fork.substring(8));
    var content = Files.readAllBytes(segment);
    assertThat(content).hasSize(size);
    return Arrays.copyOfRange(content, left - TAIL, left);
  }

  private Instance follower(String name) {
    var replica = replica(name);
    try (var job = Instance.recovery(datacenter, replica, MAJOR)) {
      job.job().run();
    }
    var designated = Instance.existing(datacenter, replica.primary(name + "-1"), MAJOR);
    open.add(designated);
    return designated;
  }

  private static void waits(Instance follower) throws Exception {
    Eventually.until(
        "it waits for the new timeline",
        () ->
            follower.manager.restoreErrors().stream()
                    .filter(error -> error.contains("NOT_FOUND") && error.contains("'00000001"))
                    .count()
                >= TIMES);
    assertThat(rows(follower.postgres)).isEqualTo("1,2");
  }

  private static ClusterDefinition replica(String name) {
    return ClusterDefinition.of(
        """
        {apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: %s}, spec: {
          replica: {enabled: true, source: o}, bootstrap: {recovery: {source: o}},
          externalClusters: [{name: o, plugin: {name: pgbackrest.dalibo.com, parameters: {stanzaRef: s}}}]}}
        """
            .formatted(name));
  }

  private static ClusterDefinition promoted(ClusterDefinition replica) {
    var json = replica.json();
    json.getAsJsonObject("spec").getAsJsonObject("replica").addProperty("enabled", false);
    return ClusterDefinition.of(json);
  }

  private static String rows(Postgres postgres) {
    return postgres.value("select string_agg(n::text, ',' order by n) from t");
  }
}
