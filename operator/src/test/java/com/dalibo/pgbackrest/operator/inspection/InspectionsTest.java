package com.dalibo.pgbackrest.operator.inspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.operator.job.JobStage;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class InspectionsTest {

  KubernetesClient client;

  private JobStage stage;
  private Instant created = Instant.EPOCH;

  @BeforeEach
  void begin() {
    stage = new JobStage(client, Instant.now(), Kinds.STANZAS, "main");
    secret("one");
    stanza("{}");
  }

  @Test
  void aNewStanzaIsInspectedOnce() {
    follow();
    follow();

    assertThat(stage.jobs()).hasSize(1);
    var job = stage.jobs().getFirst();
    assertThat(job.getMetadata().getName()).matches("pgbackrest.dalibo.com-main-[0-9a-f]{10}");
    assertThat(job.getMetadata().getOwnerReferences())
        .extracting("kind", "name", "uid", "blockOwnerDeletion")
        .containsExactly(tuple("Stanza", "main", "s", null));
    assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(600);
    assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(600);
    var pod = stage.podOfFirst();
    assertThat(pod.getServiceAccountName()).isEqualTo("pgbackrest.dalibo.com-main");
    assertThat(pod.getContainers().getFirst().getImage()).isEqualTo("sidecar:1");
    assertThat(pod.getContainers().getFirst().getEnv())
        .extracting("name")
        .containsExactly(
            "PLUGIN_ROLE", "PLUGIN_STANZA", "PLUGIN_INSPECTION_REQUEST", "NAMESPACE", "POD_NAME");
    assertThat(pod.getContainers().getFirst().getSecurityContext().getReadOnlyRootFilesystem())
        .isTrue();
  }

  @Test
  void itMayReadItsStanzaAndTheSecretsOfThatAndNoMore() {
    follow();

    var name = "pgbackrest.dalibo.com:stanza:main";
    assertThat(stage.rules(name))
        .containsExactly(
            "stanzas [main] [get]",
            "stanzas/status [main] [patch]",
            "secrets [s3-keys] [get]",
            "events [] [create]");
    var role = client.rbac().roles().inNamespace("default").withName(name).get();
    assertThat(role.getMetadata().getOwnerReferences().getFirst().getKind()).isEqualTo("Stanza");
    assertThat(
            client
                .rbac()
                .roleBindings()
                .inNamespace("default")
                .withName(name)
                .get()
                .getSubjects()
                .getFirst()
                .getName())
        .isEqualTo("pgbackrest.dalibo.com-main");
    assertThat(
            client
                .serviceAccounts()
                .inNamespace("default")
                .withName("pgbackrest.dalibo.com-main")
                .get()
                .getMetadata()
                .getOwnerReferences())
        .hasSize(1);
  }

  @Test
  void whereAClusterArchivesNothingIsInspected() {
    stage.archivingCluster();

    follow();

    assertThat(stage.jobs()).isEmpty();
  }

  @Test
  void aClusterInTheSameFileIsWaitedFor() {
    created = stage.clock.instant();
    stanza("{}");
    follow();
    assertThat(stage.jobs()).isEmpty();

    stage.clock.advance(Duration.ofSeconds(4));
    follow();

    assertThat(stage.jobs()).hasSize(1);
  }

  @Test
  void manyStanzasAreInspectedAFewAtATime() {
    for (var n = 0; n < 12; n++) {
      stage.inventory.putStanza(
          JobStage.key("many-" + n),
          """
          {"metadata": {"name": "many-%d", "namespace": "default", "uid": "m%d", "generation": 1},
           "spec": {"stanzaConfiguration": {"name": "main", "volumeRepositories": [
             {"repoPath": "/r", "claimName": "backups"}]}}}
          """
              .formatted(n, n));
    }

    follow();
    assertThat(stage.jobs()).hasSize(10);
    follow();

    assertThat(stage.jobs()).hasSize(13);
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
    follow();
    answered();
    stanza(stage.status().replaceAll("\"time\":\"[^\"]*\"", "\"time\":\"yesterday\""));

    follow();

    assertThat(stage.jobs())
        .extracting(job -> job.getMetadata().getOwnerReferences().getFirst().getName())
        .containsExactlyInAnyOrder("other", "main", "main");
  }

  @Test
  void aClusterThatIsNotTheOwnerDoesNotWriteTheStatus() {
    stage.archivingCluster();
    stanza("{owner: {cluster: gone, uid: other}}");

    follow();

    assertThat(stage.jobs()).hasSize(1);
  }

  @Test
  void asLongAsTheClustersAreNotKnownNothingIsInspected() {
    stage.inventory.clustersKnownWhen(() -> false);

    follow();

    assertThat(stage.jobs()).isEmpty();
  }

  @Test
  void itIsRepeatedAfterSixHoursAndAtOnceWhenSomethingHasChanged() {
    follow();
    answered();
    follow();
    assertThat(stage.jobs()).hasSize(1);

    stage.clock.advance(Duration.ofHours(5));
    follow();
    assertThat(stage.jobs()).hasSize(1);
    stage.clock.advance(Duration.ofHours(1));
    follow();
    assertThat(stage.jobs()).hasSize(2);

    answered();
    secret("two");
    stage.clock.advance(Duration.ofMinutes(2));
    follow();
    assertThat(stage.jobs()).hasSize(3);

    answered();
    stanza(stage.status(), "pgbackrest.dalibo.com/inspect: now");
    follow();
    assertThat(stage.jobs()).hasSize(4);
  }

  @Test
  void aRepositoryThatDidNotAnswerIsQueriedAgainAfterAQuarterOfAnHour() {
    follow();
    stanza(
        "{inspection: {time: '%s', request: '%s'}, conditions: [{type: RepositoriesReachable, status: 'False'}]}"
            .formatted(stage.clock.instant(), stage.request()));
    stage.clock.advance(Duration.ofMinutes(14));
    follow();
    assertThat(stage.jobs()).hasSize(1);

    stage.clock.advance(Duration.ofMinutes(1));
    follow();
    assertThat(stage.jobs()).hasSize(2);
  }

  @Test
  void aPodThatCannotStartIsReported() {
    follow();
    event("pod", "-x", "FailedScheduling", "0/1 nodes are available: 1 Insufficient memory.");
    follow();
    assertThat(stage.conditions()).isEmpty();

    stage.clock.advance(Duration.ofSeconds(30));
    follow();

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
    follow();
    event("job", "", "FailedCreate", "Error creating: pods is forbidden: exceeded quota: small");
    stage.clock.advance(Duration.ofSeconds(30));
    follow();

    assertThat(stage.conditions())
        .singleElement()
        .asString()
        .contains("reason=InspectionRefused")
        .contains(
            "exceeded quota: small; let the quotas and policies of the namespace admit the Job,"
                + " which requests 50m of CPU and 96Mi of memory, limits 1 and 256Mi");
  }

  @Test
  void aJobThatHangsIsReportedAndRepeatedLater() {
    follow();
    stage.stopFirst();

    follow();
    read();

    assertThat(stage.conditions())
        .singleElement()
        .asString()
        .contains("reason=InspectionFailed")
        .contains("the inspection did not end within 10 minutes and was stopped; see its log");
    follow();
    assertThat(stage.jobs()).hasSize(1);
    stage.clock.advance(Duration.ofMinutes(15));
    follow();
    assertThat(stage.jobs()).hasSize(2);
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

    follow();

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
    follow();
    assertThat(stage.jobs()).isEmpty();
    assertThat(stage.conditions()).isEmpty();

    client.resource(account).delete();
    follow();

    assertThat(stage.jobs()).hasSize(1);
  }

  @Test
  void aStoreThatKnowsThePodByItsIdentityNeedsAServiceAccountOfTheUsers() {
    var repository = "{bucket: b, endpoint: e, region: r, repoPath: /r, keyType: pod-id}";
    put("{}", "", repository);
    follow();
    assertThat(stage.jobs()).isEmpty();
    assertThat(stage.conditions()).singleElement().asString().contains("InspectionNeedsIdentity");

    put("{}", "pgbackrest.dalibo.com/inspect-service-account: mine", repository);
    follow();

    assertThat(stage.podOfFirst().getServiceAccountName()).isEqualTo("mine");
  }

  private void follow() {
    new Inspections(client, stage.clock, stage.inventory, "sidecar:1").follow();
  }

  private void answered() {
    stanza(
        "{inspection: {time: '%s', request: '%s'}}"
            .formatted(stage.clock.instant(), stage.request()));
  }

  private void stanza(String status) {
    stanza(status, "");
  }

  private void stanza(String status, String annotation) {
    put(
        status,
        annotation,
        "{bucket: b, endpoint: e, region: r, repoPath: /r, secretRef: {accessKeyId: {name: s3-keys,"
            + " key: id}, secretAccessKey: {name: s3-keys, key: secret}}}");
  }

  private void put(String status, String annotation, String repository) {
    var text =
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: main, namespace: default, uid: s, generation: 1, annotations: {%s}}
        spec: {stanzaConfiguration: {name: main, s3Repositories: [%s]}}
        status: %s
        """
            .formatted(annotation, repository, status);
    stage.put(text);
    read();
  }

  /// As the informer does.
  private void read() {
    stage.inventory.putStanza(
        JobStage.key("main"),
        stage.json(
            stanza -> {
              var metadata = stanza.getMetadata();
              metadata.setUid("s");
              metadata.setCreationTimestamp(created.truncatedTo(ChronoUnit.SECONDS).toString());
            }));
  }

  private void secret(String value) {
    var secrets = client.secrets().inNamespace("default");
    secrets.withName("s3-keys").delete();
    secrets
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("s3-keys")
                .endMetadata()
                .addToStringData("id", value)
                .build())
        .create();
  }

  private void event(String kind, String suffix, String reason, String message) {
    client
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("e")
                .endMetadata()
                .withNewInvolvedObject()
                .withKind(kind)
                .withName(stage.jobs().getFirst().getMetadata().getName() + suffix)
                .endInvolvedObject()
                .withType("Warning")
                .withReason(reason)
                .withMessage(message)
                .withLastTimestamp("2026-11-29T00:00:00Z")
                .build())
        .create();
  }
}
