package com.dalibo.pgbackrest.operator.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Inspections that do not take place, and what the Stanza says of them.
@EnableKubernetesMockClient(crud = true)
class RefusedInspectionsTest {
  KubernetesClient client;

  private InspectionStage stage;

  @BeforeEach
  void begin() {
    stage = new InspectionStage(client);
  }

  @Test
  void aPodThatCannotStartIsReported() {
    stage.follow();
    stage.event("pod", "-x", "FailedScheduling", "0/1 nodes are available: 1 Insufficient memory.");
    stage.follow();
    assertThat(stage.conditions()).isEmpty();

    stage.clock.advance(Duration.ofSeconds(30));
    stage.follow();

    assertThat(stage.conditions())
        .singleElement()
        .asString()
        .contains("type=Inspected", "status=False", "reason=InspectionWaits")
        .contains(
            "the pod of the inspection cannot start: FailedScheduling: 0/1 nodes are available: 1"
                + " Insufficient memory.");
  }

  @Test
  void aQuotaThatRefusesThePodIsReported() {
    stage.follow();
    stage.event(
        "job", "", "FailedCreate", "Error creating: pods is forbidden: exceeded quota: small");
    stage.clock.advance(Duration.ofSeconds(30));
    stage.follow();

    assertThat(stage.conditions())
        .singleElement()
        .asString()
        .contains("reason=InspectionRefused")
        .contains(
            "exceeded quota: small; let the quotas and policies of the namespace admit the Job,"
                + " which requests 50m of CPU and 96Mi of memory, limits 1 and 256Mi");
  }

  @Test
  void anObjectOfSomebodyElseIsLeftAsItIs() {
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("pgbackrest.dalibo.com-main")
                .endMetadata()
                .build())
        .create();

    stage.follow();

    assertThat(stage.jobs()).isEmpty();
    assertThat(stage.conditions())
        .singleElement()
        .asString()
        .contains("reason=InspectionRefused")
        .contains(
            "there is a ServiceAccount 'pgbackrest.dalibo.com-main' that does not belong to the"
                + " Stanza");
  }

  @Test
  void theServiceAccountOfAFormerStanzaOfThatNameGoesFirst() {
    var account =
        new ServiceAccountBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName("pgbackrest.dalibo.com-main")
            .addNewOwnerReference()
            .withApiVersion("pgbackrest.dalibo.com/v1")
            .withKind("Stanza")
            .withName("main")
            .withUid("former")
            .endOwnerReference()
            .endMetadata()
            .build();
    client.resource(account).create();
    stage.follow();
    assertThat(stage.jobs()).isEmpty();
    assertThat(stage.conditions()).isEmpty();

    client.resource(account).delete();
    stage.follow();

    assertThat(stage.jobs()).hasSize(1);
  }

  @Test
  void aStoreThatKnowsThePodByItsIdentityNeedsAServiceAccountOfTheUsers() {
    var repository = "{bucket: b, endpoint: e, region: r, repoPath: /r, keyType: pod-id}";
    stage.put("{}", "", repository);
    stage.follow();
    assertThat(stage.jobs()).isEmpty();
    assertThat(stage.conditions()).singleElement().asString().contains("InspectionNeedsIdentity");

    stage.put("{}", "pgbackrest.dalibo.com/inspect-service-account: mine", repository);
    stage.follow();

    assertThat(stage.podOfFirst().getServiceAccountName()).isEqualTo("mine");
  }
}
