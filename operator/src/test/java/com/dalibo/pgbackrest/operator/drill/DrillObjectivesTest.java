package com.dalibo.pgbackrest.operator.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.google.gson.JsonParser;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The RTO and RPO that a run measured, compared with the objectives of its drill.
class DrillObjectivesTest {

  @AutoClose private final DrillStage stage = new DrillStage();

  @Test
  void anObjectiveThatIsMissedFailsTheDrill() {
    stage.drill(DrillStage.CHECKED + ", objectives: {rto: 1s}");

    stage.whole();

    assertThat(stage.conditions()).contains("Proven=False DrillObjectiveMissed");
    assertThat(stage.message("Proven"))
        .matches(".*the measured RTO is \\d+ seconds and the objective 1s; .*");
  }

  /// Without a transaction in the log, the moment of the backup counts.
  @Test
  void theMeasuredLossIsAnObjectiveToo() {
    stage.drill(DrillStage.CHECKED + ", objectives: {rpo: 5m}");

    stage.whole();

    assertThat(stage.run().status().rpoSeconds())
        .isEqualTo(Duration.ofHours(24).minusMinutes(2).toSeconds());
    assertThat(stage.message("Proven")).contains("the measured RPO is 86280 seconds");
  }

  @Test
  void anObjectiveThatCouldNotBeMeasuredIsNotProved() {
    stage.drill(DrillStage.CHECKED + ", objectives: {rpo: 48h}");
    stage.removeRecoveryEarly();

    stage.whole();

    assertThat(stage.run().status().rpoSeconds()).isNull();
    assertThat(stage.conditions()).contains("Proven=False DrillObjectiveMissed");
    assertThat(stage.message("Proven"))
        .endsWith(
            "the restore worked, but its RPO could not be measured, so that the objective 48h is not proved: the pod of the recovery was removed before the operator had read its log; run the drill again");
  }

  /// CNPG's pages write it like that.
  @Test
  void aTargetMayBeWrittenInTheFormOfPostgres() {
    stage.drill(
        DrillStage.CHECKED
            + ", objectives: {rpo: 1h}, target: {recoveryTarget: {targetTime: '2026-11-28 03:10:00+00'}}");

    stage.whole();

    assertThat(stage.run().spec().askedTime()).isEqualTo("2026-11-28T03:10:00Z");
    assertThat(stage.run().status().rpoSeconds()).isEqualTo(Duration.ofMinutes(10).toSeconds());
    assertThat(stage.run().status().result()).isEqualTo(Result.SUCCEEDED);
  }

  /// As CNPG and PostgreSQL write it.
  @Test
  void theLossIsMeasuredAgainstATimeInAnyForm() {
    stage.drill(
        DrillStage.CHECKED
            + ", objectives: {rpo: 48h}, target: {recoveryTarget: {targetTime: '2026-11-29 03:00:00+01'}}");

    stage.whole();

    assertThat(stage.run().spec().askedTime()).isEqualTo("2026-11-29T02:00:00Z");
    assertThat(stage.run().status().rpoSeconds()).isNotNull();
    assertThat(stage.conditions()).contains("Proven=True DrillSucceeded");
  }

  @Test
  void theLossIsNotMeasuredAgainstATargetThatIsNoTime() {
    stage.drill(
        DrillStage.CHECKED
            + ", objectives: {rpo: 48h}, target: {recoveryTarget: {backupID: 20261128-030000F, targetLSN: 0/4000028}}");

    stage.whole();

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
    stage.drill(DrillStage.CHECKED + ", objectives: {rpo: 48h}");

    stage.whole();

    assertThat(stage.message("Proven"))
        .endsWith(
            ": the Stanza had no latestRestorableTime when the run was created; run the drill again when it has one");
  }

  @Test
  void theTimeOfTheRestoreIsLostOnlyIfSomebodyTakesItAway() {
    stage.drill(DrillStage.CHECKED + ", objectives: {rto: 1h}");
    while (stage.runs().isEmpty()
        || stage.run().status() == null
        || stage.run().status().rtoSeconds() == null) {
      stage.follow();
      stage.next();
    }
    stage.api.apply(
        JsonParser.parseString(
                "{apiVersion: \"pgbackrest.dalibo.com/v1\", kind: RestoreDrillRun, metadata: {name: nightly-20261129-025930}, status: {rtoSeconds: null}}")
            .getAsJsonObject());

    stage.whole();

    assertThat(stage.message("Proven"))
        .endsWith(
            "the restore worked, but its RTO could not be measured, so that the objective 1h is not proved: status.rtoSeconds of the run was removed, which the operator wrote when the Cluster was ready; leave the status of runs to the operator, and run the drill again");
  }
}
