package com.dalibo.pgbackrest.operator.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.operator.job.JobStage;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// When an inspection that has ended is repeated.
@EnableKubernetesMockClient(crud = true)
class AnsweredInspectionsTest {
  KubernetesClient client;

  private InspectionStage stage;

  @BeforeEach
  void begin() {
    stage = new InspectionStage(client);
  }

  /// Whoever may write the status of one Stanza keeps no other from its inspection.
  @Test
  void aStatusWithATimeThatIsNoneIsInspectedBesideTheOthers() {
    stage.inventory.putStanza(
        JobStage.key("other"),
        """
        {"metadata": {"name": "other", "namespace": "default", "uid": "o", "generation": 1},
         "spec": {"stanzaConfiguration": {"name": "main", "volumeRepositories": [
           {"repoPath": "/r", "claimName": "backups"}]}}}
        """);
    stage.follow();
    stage.answered();
    stage.stanza(stage.status().replaceAll("\"time\":\"[^\"]*\"", "\"time\":\"yesterday\""));

    stage.follow();

    assertThat(stage.jobs())
        .extracting(job -> job.getMetadata().getOwnerReferences().getFirst().getName())
        .containsExactlyInAnyOrder("other", "main", "main");
  }

  @Test
  void itIsRepeatedAfterSixHoursAndAtOnceWhenSomethingHasChanged() {
    stage.follow();
    stage.answered();
    stage.follow();
    assertThat(stage.jobs()).hasSize(1);

    stage.clock.advance(Duration.ofHours(5));
    stage.follow();
    assertThat(stage.jobs()).hasSize(1);
    stage.clock.advance(Duration.ofHours(1));
    stage.follow();
    assertThat(stage.jobs()).hasSize(2);

    stage.answered();
    stage.secret("two");
    stage.clock.advance(Duration.ofMinutes(2));
    stage.follow();
    assertThat(stage.jobs()).hasSize(3);

    stage.answered();
    stage.stanza(stage.status(), "pgbackrest.dalibo.com/inspect: now");
    stage.follow();
    assertThat(stage.jobs()).hasSize(4);
  }

  @Test
  void aRepositoryThatDidNotAnswerIsQueriedAgainAfterAQuarterOfAnHour() {
    stage.follow();
    stage.stanza(
        "{inspection: {time: '%s', request: '%s'}, conditions: [{type: RepositoriesReachable, status: 'False'}]}"
            .formatted(stage.clock.instant(), stage.request()));
    stage.clock.advance(Duration.ofMinutes(14));
    stage.follow();
    assertThat(stage.jobs()).hasSize(1);

    stage.clock.advance(Duration.ofMinutes(1));
    stage.follow();
    assertThat(stage.jobs()).hasSize(2);
  }

  @Test
  void aJobThatHangsIsReportedAndRepeatedLater() {
    stage.follow();
    stage.stopFirst();

    stage.follow();
    stage.read();

    assertThat(stage.conditions())
        .singleElement()
        .asString()
        .contains("reason=InspectionFailed")
        .contains("the inspection did not end within 10 minutes and was stopped; see its log");
    stage.follow();
    assertThat(stage.jobs()).hasSize(1);
    stage.clock.advance(Duration.ofMinutes(15));
    stage.follow();
    assertThat(stage.jobs()).hasSize(2);
  }
}
