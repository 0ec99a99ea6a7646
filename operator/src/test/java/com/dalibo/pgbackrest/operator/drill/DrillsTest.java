package com.dalibo.pgbackrest.operator.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import com.dalibo.pgbackrest.stanza.contract.MissingWal;
import com.dalibo.pgbackrest.stanza.contract.RecoveryWait;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DrillsTest {

  private static final String NIGHTLY = "schedule: '0 0 3 * * *'";
  private static final String CHECKED =
      "checks: [{name: orders, database: app, sql: SELECT true}], pages: true";

  private static TestCertificates issued;

  private DrillStage stage;

  @BeforeAll
  static void issue() {
    issued = TestCertificates.create();
  }

  @BeforeEach
  void begin() {
    stage = new DrillStage(issued);
  }

  @AfterEach
  void end() {
    stage.close();
  }

  @Test
  void aDrillWithoutAScheduleIsRunOnceAndLeavesNothingBehind() {
    stage.drill(CHECKED);

    whole();

    var run = run();
    assertThat(run.name()).isEqualTo("nightly-20261129-025930");
    assertThat(run.status().phase()).isEqualTo(Phase.ENDED);
    assertThat(run.status().result()).isEqualTo(Result.SUCCEEDED);
    assertThat(run.status().message())
        .matches(
            "backup '20261128-030000F' of repository 1 \\(near\\) was restored in [0-9]+ seconds; 1 checks were true; 42 blocks were read");
    assertThat(run.status().restored().repository()).isEqualTo("1 (near)");
    assertThat(run.status().pages().read()).isEqualTo(42);
    assertThat(run.status().checks().getFirst().passed()).isTrue();
    assertThat(run.status().versions().postgres()).isEqualTo("17.6");
    assertThat(run.status().steps().podStarted()).isNotNull();
    assertThat(run.status().steps().copied()).isNotNull();
    assertThat(run.status().steps().promoted()).isNotNull();
    assertThat(run.status().steps().removed()).isNotNull();
    assertThat(run.status().seconds().copy()).isNotNull();
    assertThat(run.status().seconds().replay()).isNotNull();
    assertThat(run.status().rtoSeconds()).isNotNull();
    assertThat(stage.clusters()).isEmpty();
    assertThat(stage.api.list("jobs")).isEmpty();
    assertThat(stage.conditions())
        .containsExactly("Proven=True DrillSucceeded", "Missed=False DrillTookPlace");
    assertThat(stage.drill().status().counts().successful()).isEqualTo(1);
    assertThat(stage.drill().status().nextScheduleTime()).isNull();

    stage.clock.advance(Duration.ofDays(3));
    whole();
    assertThat(stage.runs()).hasSize(1);
  }

  @Test
  void itIsRunAgainWhenAUserAsks() {
    stage.drill(CHECKED);
    whole();

    stage.api.apply(
        """
        {"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "RestoreDrill", "metadata": {"name": "nightly", "annotations":{"pgbackrest.dalibo.com/drill":"1"}}}
        """);
    whole();

    assertThat(stage.runs()).hasSize(2);
    assertThat(stage.drill().status().lastRequest()).isEqualTo("1");
    assertThat(stage.drill().status().counts().successful()).isEqualTo(2);
    // The other repository has its turn.
    assertThat(stage.runs()).extracting(run -> run.spec().repository()).containsExactly(1, 2);
  }

  @Test
  void onAScheduleItIsRunWhenItIsDue() {
    stage.drill(NIGHTLY);
    stage.follow();
    assertThat(stage.runs()).isEmpty();
    assertThat(stage.conditions())
        .containsExactly("Proven=Unknown DrillNotRun", "Missed=False DrillTookPlace");
    assertThat(stage.drill().status().nextScheduleTime()).isEqualTo("2026-11-29T03:00:00Z");

    stage.clock.advance(Duration.ofSeconds(40));
    stage.answer = "{\"postgres\": \"17.6\", \"size\": 1000, \"checks\": []}";
    whole();

    assertThat(run().name()).isEqualTo("nightly-20261129-030000");
    assertThat(run().spec().scheduledTime()).isEqualTo("2026-11-29T03:00:00Z");
    assertThat(stage.drill().status().nextScheduleTime()).isEqualTo("2026-11-30T03:00:00Z");
    assertThat(stage.conditions()).contains("Proven=True DrillSucceeded");
  }

  @Test
  void silenceIsAFailure() {
    stage.drill(NIGHTLY);
    stage.follow();
    stage.clock.advance(Duration.ofSeconds(40));
    stage.answer = "{\"postgres\": \"17.6\", \"size\": 1000, \"checks\": []}";
    whole();

    stage.clock.advance(Duration.ofDays(3).plusHours(1));
    stage.follow();

    assertThat(stage.conditions())
        .containsExactly("Proven=False DrillOutdated", "Missed=True DrillOperatorDown");
    assertThat(stage.message("Missed"))
        .isEqualTo(
            "no operator was running when the drill was due, 3 times until 2026-12-02T03:00:00Z; find out why: kubectl get pods --all-namespaces --selector app.kubernetes.io/name=pgbackrest");
    assertThat(stage.drill().status().counts().missed()).isEqualTo(3);
    stage.follow();
    assertThat(stage.drill().status().counts().missed()).isEqualTo(3);

    stage.clock.advance(
        Duration.between(stage.clock.instant(), Instant.parse("2026-12-03T03:00:05Z")));
    whole();
    assertThat(stage.conditions())
        .containsExactly("Proven=True DrillSucceeded", "Missed=False DrillTookPlace");
  }

  @Test
  void aRunThatIsDueWhileAnotherRunsIsMissed() {
    stage.drill("schedule: '0 * * * * *'");
    stage.follow();
    stage.clock.advance(Duration.ofSeconds(40));
    stage.follow();
    stage.clock.advance(Duration.ofSeconds(60));
    stage.follow();

    assertThat(stage.runs()).hasSize(1);
    assertThat(stage.conditions()).contains("Missed=True DrillStillRunning");
    assertThat(stage.message("Missed"))
        .isEqualTo(
            "run 'nightly-20261129-030000' had not ended when the drill was due at 2026-11-29T03:01:00Z; give the RestoreDrill 'nightly' a longer period or a shorter spec.timeout");
  }

  @Test
  void withoutThePermissionItSaysHowToGrantIt() {
    stage.api.refuse(
        "POST /apis/postgresql.cnpg.io",
        "clusters.postgresql.cnpg.io is forbidden: User \"system:serviceaccount:cnpg-system:pgbackrest-controller\" cannot create resource \"clusters\"");
    stage.drill(CHECKED);

    whole();

    assertThat(run().status().result()).isEqualTo(Result.MISSED);
    assertThat(stage.conditions())
        .containsExactly("Proven=Unknown DrillNotRun", "Missed=True DrillNotPermitted");
    assertThat(stage.message("Missed"))
        .endsWith(
            "cannot create resource \"clusters\"; grant it: kubectl apply -k deploy/overlays/drills (docs/reference/rights.md#restore-drills)");
  }

  @Test
  void aQuotaThatRefusesIsNamed() {
    stage.api.refuse(
        "POST /apis/postgresql.cnpg.io",
        "exceeded quota: none, requested: count/clusters.postgresql.cnpg.io=1");
    stage.drill(CHECKED);

    whole();

    assertThat(stage.conditions()).contains("Missed=True DrillRefused");
    assertThat(stage.message("Missed"))
        .contains("exceeded quota: none")
        .endsWith("or correct spec.cluster of the RestoreDrill 'nightly'");
  }

  @Test
  void aPodThatDoesNotStartIsMissedWithTheWordsOfKubernetes() {
    stage.drill(CHECKED);
    stage.follow();
    stage.follow();
    stage.event(
        "drill-nightly-20261129-025930-1",
        "Warning",
        "ProvisioningFailed",
        "storageclass.storage.k8s.io \"fast\" not found");
    stage.clock.advance(Duration.ofMinutes(2));
    stage.follow();
    assertThat(run().status().message()).contains("\"fast\" not found");
    assertThat(run().status().result()).isNull();

    stage.clock.advance(Duration.ofMinutes(10));
    stage.follow();
    stage.follow();

    assertThat(stage.conditions()).contains("Missed=True DrillNotStarted");
    assertThat(stage.message("Missed"))
        .isEqualTo(
            "run 'nightly-20261129-025930': no pod of the Cluster 'drill-nightly-20261129-025930' started within 10 minutes: ProvisioningFailed: storageclass.storage.k8s.io \"fast\" not found; correct that, or spec.cluster of the RestoreDrill 'nightly'");
    assertThat(stage.clusters()).isEmpty();
  }

  @Test
  void whatTheRestoreReportsFailsTheDrill() {
    stage.drill(CHECKED);
    stage.follow();
    stage.start("drill-nightly-20261129-025930");
    stage.event(
        "drill-nightly-20261129-025930",
        "Warning",
        "RestoreFailed",
        "backup '20261128-030000F' of repository 1 cannot be restored: pgBackRest error [029]");
    stage.follow();
    stage.follow();

    assertThat(run().status().result()).isEqualTo(Result.FAILED);
    assertThat(stage.conditions())
        .containsExactly("Proven=False DrillRestoreFailed", "Missed=False DrillTookPlace");
    assertThat(stage.message("Proven")).contains("cannot be restored: pgBackRest error [029]");
    assertThat(stage.clusters()).isEmpty();
  }

  /// As after two evictions of the pod: the third try may be the one that is completed.
  @Test
  void aRecoveryThatIsRepeatedIsNoFailureOfTheDrill() {
    stage.drill(CHECKED);
    stage.follow();
    stage.start("drill-nightly-20261129-025930");
    stage.event(
        "drill-nightly-20261129-025930",
        "Warning",
        Reason.RECOVERY_REPEATED.word(),
        "the recovery of cluster 'drill-nightly-20261129-025930' was not completed in 2 tries");
    stage.follow();

    assertThat(run().status().result()).isNull();
    assertThat(run().status().message())
        .endsWith(
            "; last warning: RecoveryRepeated: the recovery of cluster 'drill-nightly-20261129-025930' was not completed in 2 tries");

    whole();
    assertThat(stage.conditions())
        .containsExactly("Proven=True DrillSucceeded", "Missed=False DrillTookPlace");
  }

  @Test
  void aGapFailsTheDrillAtOnceAndAHiccupDoesNot() {
    stage.drill(CHECKED);
    stage.follow();
    stage.start("drill-nightly-20261129-025930");
    stage.event("drill-nightly-20261129-025930", "Warning", "RecoveryWaits", "the store is away");
    stage.follow();
    assertThat(run().status().result()).isNull();

    stage.event(
        "drill-nightly-20261129-025930",
        "Warning",
        "RecoveryWaits",
        "recovery waits for WAL file '000000010000000000000007' of stanza 'main' and goes on when it can be fetched: it "
            + MissingWal.words("", "000000010000000000000008")
            + ", so recovery would end early");
    stage.follow();

    assertThat(run().status().result()).isEqualTo(Result.FAILED);
    assertThat(run().status().reason()).isEqualTo("DrillRestoreFailed");
  }

  @Test
  void damagedWalFailsTheDrillAtOnce() {
    stage.drill(CHECKED);
    stage.follow();
    stage.start("drill-nightly-20261129-025930");
    var damaged = MissingWal.damaged("000000010000000000000007", "1 (near)", "main", true);
    stage.event(
        "drill-nightly-20261129-025930",
        "Warning",
        "RecoveryWaits",
        RecoveryWait.words("000000010000000000000007", "main", damaged));
    stage.follow();

    assertThat(run().status().result()).isEqualTo(Result.FAILED);
    assertThat(run().status().message())
        .contains(
            "WAL file '000000010000000000000007' is damaged in repository 1 (near) of stanza 'main'");
  }

  /// A recovery may take hours, and a store may answer late once.
  @Test
  void aHiccupThatIsLongOverDoesNotFailTheDrill() {
    stage.drill(CHECKED);
    stage.follow();
    stage.start("drill-nightly-20261129-025930");
    waits("000000010000000000000007");
    stage.clock.advance(Duration.ofMinutes(11));
    stage.follow();
    assertThat(run().status().result()).isNull();

    waits("000000010000000000000009");
    stage.follow();
    assertThat(run().status().result()).isNull();

    stage.clock.advance(Duration.ofMinutes(10));
    waits("000000010000000000000009");
    stage.follow();
    assertThat(run().status().result()).isEqualTo(Result.FAILED);
    assertThat(run().status().reason()).isEqualTo("DrillRestoreFailed");
  }

  private void waits(String walFile) {
    stage.event(
        "drill-nightly-20261129-025930",
        "Warning",
        "RecoveryWaits",
        RecoveryWait.words(walFile, "main", "the store is away"));
  }

  @Test
  void aCheckThatIsNotTrueFailsTheDrillAndTheClusterIsKept() {
    stage.drill(CHECKED + ", keep: {failed: 1h}");
    stage.answer =
        "{\"postgres\": \"17.6\", \"size\": 1, \"checks\": [{\"passed\": false, \"answer\": \"ERROR:  relation \\\"orders\\\" does not exist\"}], \"pages\": {\"passed\": true, \"read\": 1, \"checksums\": true}}";

    whole();

    assertThat(stage.message("Proven"))
        .isEqualTo(
            "run 'nightly-20261129-025930': the check 'orders' was not true in database 'app': it answered 'ERROR:  relation \"orders\" does not exist'; correct the query, or look for the data in the Cluster (spec.keep.failed)");
    assertThat(stage.clusters()).hasSize(1);
    assertThat(run().status().keptUntil()).isNotNull();

    stage.clock.advance(Duration.ofHours(1));
    whole();
    assertThat(stage.clusters()).isEmpty();
    assertThat(run().status().phase()).isEqualTo(Phase.ENDED);
    assertThat(stage.drill().status().counts().failed()).isEqualTo(1);
  }

  @Test
  void damagedPagesFailTheDrill() {
    stage.drill(CHECKED);
    stage.answer =
        "{\"postgres\": \"17.6\", \"size\": 1, \"checks\": [{\"passed\": true}], \"pages\": {\"passed\": false, \"read\": 1, \"checksums\": true, \"answer\": \"invalid page in block 7\"}}";

    whole();

    assertThat(stage.conditions()).contains("Proven=False DrillPagesDamaged");
    assertThat(stage.message("Proven")).contains("invalid page in block 7");
  }

  @Test
  void anObjectiveThatIsMissedFailsTheDrill() {
    stage.drill(CHECKED + ", objectives: {rto: 1s}");

    whole();

    assertThat(stage.conditions()).contains("Proven=False DrillObjectiveMissed");
    assertThat(stage.message("Proven"))
        .matches(".*the measured RTO is \\d+ seconds and the objective 1s; .*");
  }

  /// Without a transaction in the log, the moment of the backup counts.
  @Test
  void theMeasuredLossIsAnObjectiveToo() {
    stage.drill(CHECKED + ", objectives: {rpo: 5m}");

    whole();

    assertThat(run().status().rpoSeconds())
        .isEqualTo(Duration.ofHours(24).minusMinutes(2).toSeconds());
    assertThat(stage.message("Proven")).contains("the measured RPO is 86280 seconds");
  }

  @Test
  void anObjectiveThatCouldNotBeMeasuredIsNotProved() {
    stage.drill(CHECKED + ", objectives: {rpo: 48h}");
    stage.removeRecoveryEarly();

    whole();

    assertThat(run().status().rpoSeconds()).isNull();
    assertThat(stage.conditions()).contains("Proven=False DrillObjectiveMissed");
    assertThat(stage.message("Proven"))
        .endsWith(
            "the restore worked, but its RPO could not be measured, so that the objective 48h is not proved: the pod of the recovery was removed before the operator had read its log; run the drill again");
  }

  /// CNPG's pages write it like that.
  @Test
  void aTargetMayBeWrittenInTheFormOfPostgres() {
    stage.drill(
        CHECKED
            + ", objectives: {rpo: 1h}, target: {recoveryTarget: {targetTime: '2026-11-28 03:10:00+00'}}");

    whole();

    assertThat(run().spec().askedTime()).isEqualTo("2026-11-28T03:10:00Z");
    assertThat(run().status().rpoSeconds()).isEqualTo(Duration.ofMinutes(10).toSeconds());
    assertThat(run().status().result()).isEqualTo(Result.SUCCEEDED);
  }

  @Test
  void theLossIsNotMeasuredAgainstATargetThatIsNoTime() {
    stage.drill(
        CHECKED
            + ", objectives: {rpo: 48h}, target: {recoveryTarget: {backupID: 20261128-030000F, targetLSN: 0/4000028}}");

    whole();

    assertThat(stage.message("Proven"))
        .endsWith(
            ": the target of the drill is not a time; give spec.target.recoveryTarget a targetTime, or remove spec.objectives.rpo");
  }

  @Test
  void theLossIsNotMeasuredWhereNobodyKnowsTheEndOfTheArchive() {
    stage.inventory.putStanza(
        new ObjectKey("default", "main"),
        """
        {"metadata": {"name": "main", "namespace": "default"},
         "spec": {"stanzaConfiguration": {"name": "main", "volumeRepositories": [{"claimName": "a", "repoPath": "/a"}]}},
         "status": {"repositories": [{"name": "near", "index": 1, "lastBackup": {"label": "20261128-030000F"}}]}}
        """);
    stage.drill(CHECKED + ", objectives: {rpo: 48h}");

    whole();

    assertThat(stage.message("Proven"))
        .endsWith(
            ": the Stanza had no latestRestorableTime when the run was created; run the drill again when it has one");
  }

  @Test
  void theTimeOfTheRestoreIsLostOnlyIfSomebodyTakesItAway() {
    stage.drill(CHECKED + ", objectives: {rto: 1h}");
    while (stage.runs().isEmpty()
        || run().status() == null
        || run().status().rtoSeconds() == null) {
      stage.follow();
      stage.next();
    }
    stage.api.apply(
        JsonParser.parseString(
                "{apiVersion: \"pgbackrest.dalibo.com/v1\", kind: RestoreDrillRun, metadata: {name: nightly-20261129-025930}, status: {rtoSeconds: null}}")
            .getAsJsonObject());

    whole();

    assertThat(stage.message("Proven"))
        .endsWith(
            "the restore worked, but its RTO could not be measured, so that the objective 1h is not proved: status.rtoSeconds of the run was removed, which the operator wrote when the Cluster was ready; leave the status of runs to the operator, and run the drill again");
  }

  @Test
  void aRunThatDoesNotEndIsStopped() {
    stage.drill(CHECKED + ", timeout: 30m");
    stage.follow();
    stage.start("drill-nightly-20261129-025930");
    stage.follow();
    stage.clock.advance(Duration.ofMinutes(31));
    whole();

    assertThat(stage.conditions()).contains("Proven=False DrillTimedOut");
    assertThat(stage.message("Proven"))
        .contains("after the timeout of 30 minutes the Cluster is not restored yet")
        .endsWith("raise spec.timeout of the RestoreDrill 'nightly'");
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
        stage.drill(CHECKED + ", " + field.formatted(span));
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
    stage.drill(CHECKED);
    stage.follow();
    var run = stage.runs().getFirst().name();
    stage.api.apply(
        "{apiVersion: pgbackrest.dalibo.com/v1, kind: RestoreDrillRun, metadata: {name: %s}, spec: {timeout: 2562047788015215h, keep: {failed: 2562047788015215h}}}"
            .formatted(run));
    whole();

    assertThat(stage.runs()).allMatch(ended -> RunDraft.phase(ended) == Phase.ENDED);
    assertThat(stage.clusters()).isEmpty();
  }

  /// A drill that was removed and created again with the same request has the names of the first.
  @Test
  void whatHappenedToAFormerClusterOfThatNameIsNotItsFailure() {
    stage.event(
        DrillStage.NAME,
        "old",
        "Warning",
        "RestoreFailed",
        "there is no stanza 'main' in the repository");
    stage.drill(CHECKED);
    whole();

    assertThat(stage.conditions()).contains("Proven=True DrillSucceeded");
  }

  @Test
  void aJobOfSomebodyElseIsNeitherAskedNorRemoved() {
    stage.api.apply(
        "{apiVersion: batch/v1, kind: Job, metadata: {name: %s-checks, namespace: default, uid: j, creationTimestamp: '2026-11-29T02:00:00Z'}}"
            .formatted(DrillStage.NAME));
    stage.drill(CHECKED);
    whole();

    assertThat(stage.api.get("jobs", "default", DrillStage.NAME + "-checks")).isPresent();
    assertThat(stage.message("Proven"))
        .contains(
            "there is a Job '%1$s-checks' that does not belong to this run; if it is not needed, remove it: kubectl delete job %1$s-checks --namespace default"
                .formatted(DrillStage.NAME));
  }

  @Test
  void aClusterThatSomebodyRemovesIsNoSuccess() {
    stage.drill(CHECKED);
    stage.follow();
    stage.follow();
    stage.api.delete("clusters", "default", DrillStage.NAME);
    whole();

    assertThat(stage.conditions()).contains("Proven=False DrillClusterLost");
  }

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

  /// What the new schedule would have asked for was not asked for.
  @Test
  void aDrillThatGetsAScheduleLaterHasMissedNothing() {
    stage.drill(CHECKED);
    whole();

    stage.clock.advance(Duration.ofDays(30));
    stage.api.apply(
        """
        {"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "RestoreDrill", "metadata": {"name": "nightly", "generation": 2}, "spec": {"schedule": "0 0 12 * * *"}}
        """);
    stage.follow();

    assertThat(stage.conditions()).contains("Missed=False DrillTookPlace");
    assertThat(stage.drill().status().counts().missed()).isZero();
    assertThat(stage.drill().status().nextScheduleTime()).isEqualTo("2026-12-29T12:00:00Z");
  }

  @Test
  void aClockThatWasAheadForAWhileDoesNotEndTheDrills() {
    stage.drill(NIGHTLY);
    stage.follow();
    stage.clock.advance(Duration.ofDays(5000));
    stage.follow();
    stage.clock.advance(Duration.ofDays(-5000));
    stage.follow();
    stage.clock.advance(Duration.ofSeconds(40));
    stage.answer = "{\"postgres\": \"17.6\", \"size\": 1000, \"checks\": []}";
    whole();

    assertThat(stage.runs())
        .extracting(RestoreDrillRun::name)
        .containsExactly("nightly-20261129-030000");
    assertThat(stage.conditions())
        .containsExactly("Proven=True DrillSucceeded", "Missed=False DrillTookPlace");
  }

  /// A run of another program, say, or of a release that writes times in another way.
  @Test
  void aRunThatCannotBeReadKeepsNoOtherDrillFromItsOwn() {
    stage.drill(CHECKED);
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

    whole();

    assertThat(stage.conditions()).contains("Proven=True DrillSucceeded");
  }

  /// The run of one repository proves nothing about another.
  @Test
  void aRepositoryThatFailedIsNotProvenByAnother() {
    stage.drill("schedule: '0 */10 * * * *'");
    stage.answer = "{\"postgres\": \"17.6\", \"size\": 1000, \"checks\": []}";
    stage.follow();
    at("2026-11-29T03:00:05Z");
    whole();
    assertThat(stage.conditions()).contains("Proven=True DrillSucceeded");

    at("2026-11-29T03:10:05Z");
    stage.follow();
    stage.start("drill-nightly-20261129-031000");
    stage.event("drill-nightly-20261129-031000", "Warning", "RestoreFailed", "a file is damaged");
    whole();
    assertThat(stage.runs().getLast().spec().repository()).isEqualTo(2);
    assertThat(stage.conditions()).contains("Proven=False DrillRestoreFailed");

    at("2026-11-29T03:20:05Z");
    whole();
    assertThat(stage.runs().getLast().status().result()).isEqualTo(Result.SUCCEEDED);
    assertThat(stage.conditions()).contains("Proven=False DrillRestoreFailed");
    assertThat(stage.message("Proven"))
        .isEqualTo("run 'nightly-20261129-031000': a file is damaged");

    at("2026-11-29T03:30:05Z");
    whole();
    assertThat(stage.conditions()).contains("Proven=True DrillSucceeded");
  }

  private void at(String moment) {
    stage.clock.advance(Duration.between(stage.clock.instant(), Instant.parse(moment)));
  }

  /// As CNPG and PostgreSQL write it.
  @Test
  void theLossIsMeasuredAgainstATimeInAnyForm() {
    stage.drill(
        CHECKED
            + ", objectives: {rpo: 48h}, target: {recoveryTarget: {targetTime: '2026-11-29 03:00:00+01'}}");

    whole();

    assertThat(run().spec().askedTime()).isEqualTo("2026-11-29T02:00:00Z");
    assertThat(run().status().rpoSeconds()).isNotNull();
    assertThat(stage.conditions()).contains("Proven=True DrillSucceeded");
  }

  @Test
  void whatKubernetesSaysOfTheJobThatItRefusesIsNamed() {
    stage.api.refuse("POST /apis/batch/v1", "exceeded quota: none, requested: pods=1");
    stage.drill(CHECKED);

    whole();

    assertThat(run().status().result()).isEqualTo(Result.FAILED);
    assertThat(stage.message("Proven"))
        .isEqualTo(
            "run 'nightly-20261129-025930': Kubernetes refuses the Job 'drill-nightly-20261129-025930-checks', so the restored databases could not be asked: exceeded quota: none, requested: pods=1; let the quotas and policies of the namespace admit it");
    assertThat(stage.clusters()).isEmpty();
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

  @Test
  void aRepositoryWithoutABackupIsNoProof() {
    stage.inventory.putStanza(
        new ObjectKey("default", "main"),
        "{\"metadata\":{\"name\":\"main\",\"namespace\":\"default\"},\"spec\":{\"stanzaConfiguration\":{\"name\":\"main\",\"volumeRepositories\":[{\"claimName\":\"a\",\"repoPath\":\"/a\"}]}}}");
    stage.drill(CHECKED);
    stage.follow();
    stage.clock.advance(Duration.ofMinutes(2));
    stage.follow();
    stage.follow();

    assertThat(stage.conditions()).contains("Proven=False DrillNothingToRestore");
    assertThat(stage.message("Proven")).endsWith("create a Backup with selectedRepository: \"1\"");
    assertThat(stage.clusters()).isEmpty();
  }

  @Test
  void onlyTheNewestRunsAreKept() {
    stage.drill("schedule: '0 */10 * * * *', history: {successful: 2}");
    stage.answer = "{\"postgres\": \"17.6\", \"size\": 1000, \"checks\": []}";
    stage.follow();
    for (int i = 0; i < 5; i++) {
      var due = Instant.parse("2026-11-29T03:00:05Z").plus(Duration.ofMinutes(10L * i));
      stage.clock.advance(Duration.between(stage.clock.instant(), due));
      whole();
    }
    stage.follow();

    assertThat(stage.runs())
        .extracting(RestoreDrillRun::name)
        .containsExactly("nightly-20261129-033000", "nightly-20261129-034000");
    assertThat(stage.drill().status().counts().successful()).isEqualTo(5);
  }

  @Test
  void whereNothingIsDueNoRequestIsMade() {
    stage.api.forgetRequests();
    stage.follow();
    assertThat(stage.api.requests()).as("without a drill").isEmpty();

    stage.drill(CHECKED + ", " + NIGHTLY);
    stage.clock.advance(Duration.ofMinutes(1));
    whole();
    assertThat(run().status().phase()).isEqualTo(Phase.ENDED);
    stage.api.forgetRequests();
    for (int i = 0; i < 100; i++) {
      stage.clock.advance(Duration.ofSeconds(5));
      stage.follow();
    }
    assertThat(stage.api.requests()).as("between two runs").isEmpty();
    assertThat(stage.metrics.text()).contains("drill_proven{");
  }

  @Test
  void whatTheWatchesHaveNotHeardYetIsReadBeforeAnythingIsDone() {
    stage.drill(CHECKED);
    stage.hear();
    var drills = stage.operator(stage.client);
    for (int i = 0; i < 9; i++) {
      drills.follow();
      stage.next();
    }

    assertThat(run().status().phase()).isEqualTo(Phase.ENDED);
    assertThat(stage.conditions())
        .containsExactly("Proven=True DrillSucceeded", "Missed=False DrillTookPlace");
    assertThat(stage.drill().status().counts().successful()).isEqualTo(1);
  }

  @Test
  void nothingIsDoneBeforeEveryDrillAndRunHasBeenHeardOf() {
    stage.drill(CHECKED);
    stage.inventory.drillsKnownWhen(() -> false);
    stage.api.forgetRequests();
    stage.follow();

    assertThat(stage.api.requests()).isEmpty();
    assertThat(stage.runs()).isEmpty();
  }

  @Test
  void aPermissionThatIsMissingIsReportedOnceAndTheDrillFollowsOnceItIsGranted() {
    stage.api.refuse(
        "POST /apis/pgbackrest.dalibo.com", "cannot create resource \"restoredrillruns\"");
    stage.drill(CHECKED);
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
  void prometheusIsToldWhatTheObjectsSay() {
    stage.drill(CHECKED);
    whole();

    assertThat(stage.metrics.text())
        .contains(
            "# TYPE pgbackrest_dalibo_com_drill_last_success_timestamp_seconds gauge",
            "pgbackrest_dalibo_com_drill_proven{namespace=\"default\",drill=\"nightly\",stanza=\"main\"} 1",
            "pgbackrest_dalibo_com_drill_missed_total{namespace=\"default\",drill=\"nightly\",stanza=\"main\"} 0",
            "pgbackrest_dalibo_com_drill_runs_total{namespace=\"default\",drill=\"nightly\",stanza=\"main\",result=\"succeeded\"} 1")
        .containsPattern(
            "drill_duration_seconds\\{namespace=\"default\",drill=\"nightly\",stanza=\"main\",phase=\"copy\"} \\d+");

    stage.clock.advance(Duration.ofMinutes(3));
    assertThat(stage.metrics.text()).isEmpty();
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

  private void whole() {
    for (int i = 0; i < 9; i++) {
      stage.follow();
      stage.next();
    }
  }

  private RestoreDrillRun run() {
    assertThat(stage.runs()).hasSize(1);
    return stage.runs().getFirst();
  }
}
