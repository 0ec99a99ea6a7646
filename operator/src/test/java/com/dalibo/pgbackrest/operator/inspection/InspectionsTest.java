package com.dalibo.pgbackrest.operator.inspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class InspectionsTest {

  KubernetesClient client;

  private final Inventory inventory = new Inventory();
  private final TestClock clock = new TestClock(Instant.now());
  private Instant created = Instant.EPOCH;

  @BeforeEach
  void begin() {
    inventory.completeWhen(() -> true);
    inventory.clustersKnownWhen(() -> true);
    secret("one");
    stanza("{}");
  }

  @Test
  void aNewStanzaIsInspectedOnce() {
    follow();
    follow();

    assertThat(jobs()).hasSize(1);
    var job = jobs().getFirst();
    assertThat(job.getMetadata().getName()).matches("pgbackrest.dalibo.com-main-[0-9a-f]{10}");
    assertThat(job.getMetadata().getOwnerReferences())
        .extracting("kind", "name", "uid", "blockOwnerDeletion")
        .containsExactly(tuple("Stanza", "main", "s", null));
    assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(600);
    assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(600);
    var pod = job.getSpec().getTemplate().getSpec();
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

    var role =
        client
            .rbac()
            .roles()
            .inNamespace("default")
            .withName("pgbackrest.dalibo.com:stanza:main")
            .get();
    assertThat(role.getRules())
        .extracting(InspectionsTest::line)
        .containsExactly(
            "stanzas [main] [get]",
            "stanzas/status [main] [patch]",
            "secrets [s3-keys] [get]",
            "events [] [create]");
    assertThat(role.getMetadata().getOwnerReferences().getFirst().getKind()).isEqualTo("Stanza");
    assertThat(
            client
                .rbac()
                .roleBindings()
                .inNamespace("default")
                .withName("pgbackrest.dalibo.com:stanza:main")
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
    inventory.putCluster(new ObjectKey("default", "demo"), cluster("c"));

    follow();

    assertThat(jobs()).isEmpty();
  }

  @Test
  void aClusterInTheSameFileIsWaitedFor() {
    created = clock.instant();
    stanza("{}");
    follow();
    assertThat(jobs()).isEmpty();

    clock.advance(Duration.ofSeconds(4));
    follow();

    assertThat(jobs()).hasSize(1);
  }

  @Test
  void manyStanzasAreInspectedAFewAtATime() {
    for (var n = 0; n < 12; n++) {
      inventory.putStanza(
          new ObjectKey("default", "many-" + n),
          """
          {"metadata": {"name": "many-%d", "namespace": "default", "uid": "m%d", "generation": 1},
           "spec": {"stanzaConfiguration": {"name": "main", "volumeRepositories": [
             {"repoPath": "/r", "claimName": "backups"}]}}}
          """
              .formatted(n, n));
    }

    follow();
    assertThat(jobs()).hasSize(10);
    follow();

    assertThat(jobs()).hasSize(13);
  }

  /// Whoever may write the status of one Stanza keeps no other from its inspection.
  @Test
  void aStatusWithATimeThatIsNoneIsInspectedBesideTheOthers() {
    inventory.putStanza(
        new ObjectKey("default", "other"),
        """
        {"metadata": {"name": "other", "namespace": "default", "uid": "o", "generation": 1},
         "spec": {"stanzaConfiguration": {"name": "main", "volumeRepositories": [
           {"repoPath": "/r", "claimName": "backups"}]}}}
        """);
    follow();
    answered();
    stanza(status().replaceAll("\"time\":\"[^\"]*\"", "\"time\":\"yesterday\""));

    follow();

    assertThat(jobs())
        .extracting(job -> job.getMetadata().getOwnerReferences().getFirst().getName())
        .containsExactlyInAnyOrder("other", "main", "main");
  }

  @Test
  void aClusterThatIsNotTheOwnerDoesNotWriteTheStatus() {
    inventory.putCluster(new ObjectKey("default", "demo"), cluster("c"));
    stanza("{owner: {cluster: gone, uid: other}}");

    follow();

    assertThat(jobs()).hasSize(1);
  }

  @Test
  void asLongAsTheClustersAreNotKnownNothingIsInspected() {
    inventory.clustersKnownWhen(() -> false);

    follow();

    assertThat(jobs()).isEmpty();
  }

  @Test
  void itIsRepeatedAfterSixHoursAndAtOnceWhenSomethingHasChanged() {
    follow();
    answered();
    follow();
    assertThat(jobs()).hasSize(1);

    clock.advance(Duration.ofHours(5));
    follow();
    assertThat(jobs()).hasSize(1);
    clock.advance(Duration.ofHours(1));
    follow();
    assertThat(jobs()).hasSize(2);

    answered();
    secret("two");
    clock.advance(Duration.ofMinutes(2));
    follow();
    assertThat(jobs()).hasSize(3);

    answered();
    stanza(status(), "pgbackrest.dalibo.com/inspect: now");
    follow();
    assertThat(jobs()).hasSize(4);
  }

  @Test
  void aRepositoryThatDidNotAnswerIsQueriedAgainAfterAQuarterOfAnHour() {
    follow();
    stanza(
        "{inspection: {time: '%s', request: '%s'}, conditions: [{type: RepositoriesReachable, status: 'False'}]}"
            .formatted(clock.instant(), request()));
    clock.advance(Duration.ofMinutes(14));
    follow();
    assertThat(jobs()).hasSize(1);

    clock.advance(Duration.ofMinutes(1));
    follow();
    assertThat(jobs()).hasSize(2);
  }

  @Test
  void aPodThatCannotStartIsReported() {
    follow();
    event("pod", "-x", "FailedScheduling", "0/1 nodes are available: 1 Insufficient memory.");
    follow();
    assertThat(conditions()).isEmpty();

    clock.advance(Duration.ofSeconds(30));
    follow();

    assertThat(conditions())
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
    clock.advance(Duration.ofSeconds(30));
    follow();

    assertThat(conditions())
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
    var job = jobs().getFirst();
    client
        .batch()
        .v1()
        .jobs()
        .inNamespace("default")
        .resource(
            new JobBuilder(job)
                .withStatus(
                    new JobStatusBuilder()
                        .addNewCondition()
                        .withType("Failed")
                        .withStatus("True")
                        .withReason("DeadlineExceeded")
                        .endCondition()
                        .build())
                .build())
        .update();

    follow();
    read();

    assertThat(conditions())
        .singleElement()
        .asString()
        .contains("reason=InspectionFailed")
        .contains("the inspection did not end within 10 minutes and was stopped; see its log");
    follow();
    assertThat(jobs()).hasSize(1);
    clock.advance(Duration.ofMinutes(15));
    follow();
    assertThat(jobs()).hasSize(2);
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

    assertThat(jobs()).isEmpty();
    assertThat(conditions())
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
    assertThat(jobs()).isEmpty();
    assertThat(conditions()).isEmpty();

    client.resource(account).delete();
    follow();

    assertThat(jobs()).hasSize(1);
  }

  @Test
  void aStoreThatKnowsThePodByItsIdentityNeedsAServiceAccountOfTheUsers() {
    var repository = "{bucket: b, endpoint: e, region: r, repoPath: /r, keyType: pod-id}";
    put("{}", "", repository);
    follow();
    assertThat(jobs()).isEmpty();
    assertThat(conditions()).singleElement().asString().contains("InspectionNeedsIdentity");

    put("{}", "pgbackrest.dalibo.com/inspect-service-account: mine", repository);
    follow();

    assertThat(jobs().getFirst().getSpec().getTemplate().getSpec().getServiceAccountName())
        .isEqualTo("mine");
  }

  private void follow() {
    new Inspections(client, clock, inventory, "sidecar:1").follow();
  }

  private List<Job> jobs() {
    return client.batch().v1().jobs().inNamespace("default").list().getItems();
  }

  private void answered() {
    stanza("{inspection: {time: '%s', request: '%s'}}".formatted(clock.instant(), request()));
  }

  /// Of the youngest Job.
  private String request() {
    return jobs()
        .getLast()
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getEnv()
        .stream()
        .filter(variable -> variable.getName().equals("PLUGIN_INSPECTION_REQUEST"))
        .findFirst()
        .orElseThrow()
        .getValue();
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
    var stanza =
        client.getKubernetesSerialization().unmarshal(text, GenericKubernetesResource.class);
    var objects = client.genericKubernetesResources(Kinds.STANZAS).inNamespace("default");
    objects.withName("main").delete();
    objects.resource(stanza).create();
    read();
  }

  /// As the informer does.
  private void read() {
    var stanza = object();
    stanza.getMetadata().setUid("s");
    stanza.getMetadata().setCreationTimestamp(created.truncatedTo(ChronoUnit.SECONDS).toString());
    inventory.putStanza(
        new ObjectKey("default", "main"), client.getKubernetesSerialization().asJson(stanza));
  }

  private GenericKubernetesResource object() {
    return client
        .genericKubernetesResources(Kinds.STANZAS)
        .inNamespace("default")
        .withName("main")
        .get();
  }

  private String status() {
    return client
        .getKubernetesSerialization()
        .asJson(object().getAdditionalProperties().get("status"));
  }

  private List<?> conditions() {
    return object().getAdditionalProperties().get("status") instanceof Map<?, ?> status
            && status.get("conditions") instanceof List<?> conditions
        ? conditions
        : List.of();
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
                .withName(jobs().getFirst().getMetadata().getName() + suffix)
                .endInvolvedObject()
                .withType("Warning")
                .withReason(reason)
                .withMessage(message)
                .withLastTimestamp("2026-11-29T00:00:00Z")
                .build())
        .create();
  }

  private static Cluster cluster(String uid) {
    return Cluster.parse(
        """
        {"metadata": {"name": "demo", "namespace": "default", "uid": "%s"}, "spec": {"plugins": [
          {"name": "pgbackrest.dalibo.com", "isWALArchiver": true, "parameters": {"stanzaRef": "main"}}]}}
        """
            .formatted(uid)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static String line(PolicyRule rule) {
    return "%s %s %s"
        .formatted(rule.getResources().getFirst(), rule.getResourceNames(), rule.getVerbs());
  }
}
