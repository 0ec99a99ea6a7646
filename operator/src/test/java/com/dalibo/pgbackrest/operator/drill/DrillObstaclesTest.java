package com.dalibo.pgbackrest.operator.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Drills that cannot be read, and what keeps others from taking place.
class DrillObstaclesTest {

  @AutoClose private final DrillStage stage = new DrillStage();

  @Test
  void aScheduleThatIsNoneIsNamed() {
    stage.drill("schedule: '0 3 * * *'");
    stage.follow();

    assertThat(stage.conditions()).contains("Proven=False DrillInvalid");
    assertThat(stage.message("Proven"))
        .isEqualTo(
            "the schedule '0 3 * * *' cannot be read: it has 5 fields and needs six: put the seconds first; write it as CNPG's ScheduledBackup does, such as '0 0 3 * * *' for three at night; correct spec.schedule of the RestoreDrill 'nightly'");
    assertThat(stage.runs()).isEmpty();
  }

  @Test
  void aScheduleThatIsNeverDueIsNamed() {
    for (var never : List.of("0 0 3 30 2 *", "@every 99999h")) {
      stage.drill("schedule: '%s'".formatted(never));
      stage.follow();

      assertThat(stage.conditions()).contains("Proven=False DrillInvalid");
      assertThat(stage.message("Proven"))
          .isEqualTo(
              "the schedule '%s' is never due: no moment of the next five years is among its own; correct spec.schedule of the RestoreDrill 'nightly'"
                  .formatted(never));
    }
  }

  @Test
  void aRepositoryOrAStanzaThatIsNotThereIsNamed() {
    stage.drill("repository: third");
    stage.follow();

    assertThat(stage.message("Proven"))
        .isEqualTo(
            "the stanza 'main' has no repository 'third'; choose one of 1 (near), 2 (far); correct spec.repository of the RestoreDrill 'nightly'");
    stage.api.apply(
        """
        {"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "RestoreDrill", "metadata": {"name": "nightly"}, "spec": {"stanzaRef":"other","repository":null}}
        """);
    stage.follow();
    assertThat(stage.message("Proven"))
        .isEqualTo(
            "the RestoreDrill 'nightly' names the Stanza 'other', which is not in namespace 'default' or cannot be read; create it there, or correct spec.stanzaRef");
    assertThat(stage.runs()).isEmpty();
  }

  /// A run of another program, say, or of a release that writes times in another way.
  @Test
  void aRunThatCannotBeReadKeepsNoOtherDrillFromItsOwn() {
    stage.drill(DrillStage.CHECKED);
    stage.api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: RestoreDrill
        metadata: {name: another, uid: a, creationTimestamp: "2026-11-29T02:00:00Z"}
        spec: {stanzaRef: main}
        """);
    stage.api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: RestoreDrillRun
        metadata: {name: another-1, uid: ar, creationTimestamp: "2026-11-29T02:00:00Z"}
        spec: {drillRef: another, stanzaRef: main, scheduledTime: yesterday}
        """);

    stage.whole();

    assertThat(stage.conditions()).contains("Proven=True DrillSucceeded");
  }

  /// A sample that cannot be read costs all samples of the operator.
  @Test
  void aNameThatIsNoneIsQuotedForPrometheus() {
    stage.api.apply(
        """
        {"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "RestoreDrill", "metadata": {"name": "nightly", "uid": "d", "creationTimestamp": "2026-11-29T02:00:00Z"}, "spec": {"stanzaRef": "a\\"} 1\\nb\\\\"}}
        """);
    stage.follow();

    assertThat(stage.metrics.text())
        .contains(
            "pgbackrest_dalibo_com_drill_proven{namespace=\"default\",drill=\"nightly\",stanza=\"a\\\"} 1\\nb\\\\\"} 0\n");
  }

  @Test
  void withoutThePermissionItSaysHowToGrantIt() {
    stage.api.refuse(
        "POST /apis/postgresql.cnpg.io",
        "clusters.postgresql.cnpg.io is forbidden: User \"system:serviceaccount:cnpg-system:pgbackrest-controller\" cannot create resource \"clusters\"");
    stage.drill(DrillStage.CHECKED);

    stage.whole();

    assertThat(stage.run().status().result()).isEqualTo(Result.MISSED);
    assertThat(stage.conditions())
        .containsExactly("Proven=Unknown DrillNotRun", "Missed=True DrillNotPermitted");
    assertThat(stage.message("Missed"))
        .endsWith(
            "cannot create resource \"clusters\"; grant it: kubectl apply -k deploy/overlays/drills (docs/reference/rights.md#restore-drills)");
  }

  @Test
  void aPermissionThatIsMissingIsReportedOnceAndTheDrillFollowsOnceItIsGranted() {
    stage.api.refuse(
        "POST /apis/pgbackrest.dalibo.com", "cannot create resource \"restoredrillruns\"");
    stage.drill(DrillStage.CHECKED);
    stage.hear();
    var before = System.err;
    var log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    var drills = stage.operator(stage.client);
    try {
      for (int i = 0; i < 3; i++) {
        drills.follow();
      }
    } finally {
      System.setErr(before);
    }
    assertThat(log.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .contains("\"msg\":\"a drill was not followed and is tried again\"")
        .contains("cannot create resource \\\"restoredrillruns\\\"")
        .contains(
            "; apply the CRDs and permissions of this release: kubectl apply --server-side -f deploy/manifest.yaml, or helm upgrade");

    stage.api.heal();
    drills.follow();
    assertThat(stage.runs()).hasSize(1);
  }

  @Test
  void aQuotaThatRefusesIsNamed() {
    stage.api.refuse(
        "POST /apis/postgresql.cnpg.io",
        "exceeded quota: none, requested: count/clusters.postgresql.cnpg.io=1");
    stage.drill(DrillStage.CHECKED);

    stage.whole();
    stage.clock.advance(Duration.ofMinutes(11));
    stage.whole();

    assertThat(stage.conditions()).contains("Missed=True DrillRefused");
    assertThat(stage.message("Missed"))
        .contains("exceeded quota: none")
        .endsWith("or correct spec.cluster of the RestoreDrill 'nightly'");
  }

  /// As where CNPG was removed: a later try would find no Cluster either.
  @Test
  void aKindThatIsNotThereEndsTheRunAtOnce() {
    stage.api.fail("POST /apis/postgresql.cnpg.io", 404);
    stage.drill(DrillStage.CHECKED);

    stage.whole();

    assertThat(stage.run().status().result()).isEqualTo(Result.MISSED);
    assertThat(stage.conditions()).contains("Missed=True DrillRefused");
    assertThat(stage.message("Missed"))
        .contains("Kubernetes refuses the Cluster 'drill-nightly-20261129-025930': ");
  }

  /// What another run has used is free some time after its end.
  @ParameterizedTest
  @ValueSource(strings = {"POST /apis/postgresql.cnpg.io", "POST /apis/batch/v1"})
  void aQuotaThatIsFullForAWhileDelaysARun(String request) {
    stage.api.refuse(request, "exceeded quota: small, requested: pods=1, used: pods=1");
    stage.drill(DrillStage.CHECKED);
    stage.whole();
    assertThat(stage.run().status().result()).isNull();
    assertThat(stage.run().status().message())
        .contains("cannot be created yet: exceeded quota: small, requested: pods=1, used: pods=1");

    stage.api.heal();
    stage.whole();
    assertThat(stage.run().status().result()).isEqualTo(Result.SUCCEEDED);
  }

  @Test
  void whatKubernetesSaysOfTheJobThatItRefusesIsNamed() {
    stage.api.refuse("POST /apis/batch/v1", "exceeded quota: none, requested: pods=1");
    stage.drill(DrillStage.CHECKED);

    stage.whole();
    stage.clock.advance(Duration.ofMinutes(11));
    stage.whole();

    assertThat(stage.run().status().result()).isEqualTo(Result.FAILED);
    assertThat(stage.message("Proven"))
        .isEqualTo(
            "run 'nightly-20261129-025930': Kubernetes refuses the Job 'drill-nightly-20261129-025930-checks', so the restored databases could not be asked: exceeded quota: none, requested: pods=1; let the quotas and policies of the namespace admit it");
    assertThat(stage.clusters()).isEmpty();
  }

  @Test
  void aPodThatDoesNotStartIsMissedWithTheWordsOfKubernetes() {
    stage.drill(DrillStage.CHECKED);
    stage.follow();
    stage.follow();
    stage.event(
        "drill-nightly-20261129-025930-1",
        "Warning",
        "ProvisioningFailed",
        "storageclass.storage.k8s.io \"fast\" not found");
    stage.clock.advance(Duration.ofMinutes(2));
    stage.follow();
    assertThat(stage.run().status().message()).contains("\"fast\" not found");
    assertThat(stage.run().status().result()).isNull();

    stage.clock.advance(Duration.ofMinutes(10));
    stage.follow();
    stage.follow();

    assertThat(stage.conditions()).contains("Missed=True DrillNotStarted");
    assertThat(stage.message("Missed"))
        .isEqualTo(
            "run 'nightly-20261129-025930': no pod of the Cluster 'drill-nightly-20261129-025930' started within 10 minutes: ProvisioningFailed: storageclass.storage.k8s.io \"fast\" not found; correct that, or spec.cluster of the RestoreDrill 'nightly'");
    assertThat(stage.clusters()).isEmpty();
  }

  /// Java counts no time that far.
  @Test
  void aTimeSpanThatNeverEndsIsNamed() {
    for (var span : List.of("99999999999999h", "2562047788015215h")) {
      for (var field :
          List.of(
              "timeout: %s",
              "keep: {failed: %s}", "objectives: {rto: %s}", "target: {random: {within: %s}}")) {
        stage.api.delete("restoredrills", "default", "nightly");
        stage.drill(DrillStage.CHECKED + ", " + field.formatted(span));
        stage.follow();

        assertThat(stage.runs()).as(field).isEmpty();
        assertThat(stage.message("Proven"))
            .startsWith("'%s' in the RestoreDrill 'nightly' is not a time span".formatted(span));
      }
    }
  }

  /// One that an earlier release has begun, say.
  @Test
  void aRunWithSuchATimeSpanEndsAndKeepsNoOtherFromItsOwn() {
    stage.drill(DrillStage.CHECKED);
    stage.follow();
    var run = stage.runs().getFirst().name();
    stage.api.apply(
        "{apiVersion: pgbackrest.dalibo.com/v1, kind: RestoreDrillRun, metadata: {name: %s}, spec: {timeout: 2562047788015215h, keep: {failed: 2562047788015215h}}}"
            .formatted(run));
    stage.whole();

    assertThat(stage.runs()).allMatch(ended -> ended.phase() == Phase.ENDED);
    assertThat(stage.clusters()).isEmpty();
  }

  @Test
  void aJobOfSomebodyElseIsNeitherAskedNorRemoved() {
    stage.api.apply(
        "{apiVersion: batch/v1, kind: Job, metadata: {name: %s-checks, namespace: default, uid: j, creationTimestamp: '2026-11-29T02:00:00Z'}}"
            .formatted(DrillStage.NAME));
    stage.drill(DrillStage.CHECKED);
    stage.whole();

    assertThat(stage.api.get("jobs", "default", DrillStage.NAME + "-checks")).isPresent();
    assertThat(stage.message("Proven"))
        .contains(
            "there is a Job '%1$s-checks' that does not belong to this run; if it is not needed, remove it: kubectl delete job %1$s-checks --namespace default"
                .formatted(DrillStage.NAME));
  }
}
