package com.dalibo.pgbackrest.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class RestorePlansTest {
  private static final ObjectKey STANZA = new ObjectKey("default", "main");

  KubernetesClient client;
  KubernetesMockServer server;

  private final Inventory inventory = new Inventory();
  private final TestClock clock = new TestClock(Instant.parse("2026-11-29T10:00:00Z"));

  @BeforeEach
  void begin() {
    inventory.completeWhen(() -> true);
    stanza("shared");
    plan(1, "", "{}");
  }

  @Test
  void aNewPlanIsMadeOnceByAJobOfItsOwn() {
    follow();
    follow();

    var job = jobs().getFirst();
    assertThat(jobs()).hasSize(1);
    assertThat(job.getMetadata().getName()).matches("pgbackrest.dalibo.com.plan-p-[0-9a-f]{10}");
    assertThat(job.getMetadata().getOwnerReferences())
        .extracting("kind", "name", "uid", "blockOwnerDeletion")
        .containsExactly(tuple("RestorePlan", "p", "u", null));
    assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(600);
    assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(600);
    var pod = job.getSpec().getTemplate().getSpec();
    assertThat(pod.getServiceAccountName()).isEqualTo("pgbackrest.dalibo.com.plan-p");
    assertThat(pod.getContainers().getFirst().getEnv())
        .extracting(EnvVar::getName)
        .containsExactly(
            "PLUGIN_ROLE", "PLUGIN_PLAN", "PLUGIN_INSPECTION_REQUEST", "NAMESPACE", "POD_NAME");
    assertThat(pod.getContainers().getFirst().getEnv())
        .extracting(EnvVar::getValue)
        .contains("plan", "p");
  }

  /// A registry of one's own is where the nodes find PostgreSQL.
  @Test
  void theJobGetsTheImageOfTheClusterThatArchivesToTheStanza() {
    inventory.putStanza(
        STANZA,
        """
        {"metadata": {"name": "main", "namespace": "default", "uid": "s", "generation": 1},
         "spec": {"stanzaConfiguration": {"name": "main", "volumeRepositories": [{"claimName": "c", "repoPath": "/r"}]}},
         "status": {"owner": {"cluster": "demo", "uid": "c"}}}
        """);
    var cluster =
        client
            .getKubernetesSerialization()
            .unmarshal(
                """
                apiVersion: postgresql.cnpg.io/v1
                kind: Cluster
                metadata: {name: demo, namespace: default}
                status: {image: "registry.example/postgresql:17.6"}
                """,
                GenericKubernetesResource.class);
    client
        .genericKubernetesResources(Kinds.CLUSTERS)
        .inNamespace("default")
        .resource(cluster)
        .create();

    follow();

    assertThat(
            jobs().getFirst().getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv())
        .filteredOn(variable -> variable.getName().equals("PLUGIN_PLAN_IMAGE"))
        .extracting(EnvVar::getValue)
        .containsExactly("registry.example/postgresql:17.6");
  }

  /// Until the Job has ended, the plan is due in each round.
  @Test
  void theClusterIsReadOnceForAPlan() throws Exception {
    inventory.putStanza(
        STANZA,
        """
        {"metadata": {"name": "main", "namespace": "default", "uid": "s", "generation": 1},
         "spec": {"stanzaConfiguration": {"name": "main", "volumeRepositories": [{"claimName": "c", "repoPath": "/r"}]}},
         "status": {"owner": {"cluster": "demo", "uid": "c"}}}
        """);

    for (int i = 0; i < 5; i++) {
      follow();
    }

    assertThat(jobs()).hasSize(1);
    var paths = new ArrayList<String>();
    for (int i = server.getRequestCount(); i > 0; i--) {
      paths.add(server.takeRequest().getPath());
    }
    assertThat(paths).filteredOn(path -> path.contains("/clusters/")).hasSize(1);
  }

  @Test
  void itMayReadItsStanzaAndTheSecretsOfThatAndWriteItsOwnStatus() {
    follow();

    var role =
        client.rbac().roles().inNamespace("default").withName("pgbackrest.dalibo.com:plan:p").get();
    assertThat(role.getRules())
        .extracting(RestorePlansTest::line)
        .containsExactly(
            "stanzas [main] [get]",
            "restoreplans [p] [get]",
            "restoreplans/status [p] [patch]",
            "secrets [s3-keys] [get]");
    assertThat(role.getMetadata().getOwnerReferences().getFirst().getUid()).isEqualTo("u");
  }

  @Test
  void itIsMadeWhereAClusterArchivesToo() {
    inventory.putCluster(
        new ObjectKey("default", "demo"),
        Cluster.parse(
            """
            {"metadata": {"name": "demo", "namespace": "default", "uid": "c"}, "spec": {"plugins": [
              {"name": "pgbackrest.dalibo.com", "isWALArchiver": true, "parameters": {"stanzaRef": "main"}}]}}
            """
                .getBytes(StandardCharsets.UTF_8)));

    follow();

    assertThat(jobs()).hasSize(1);
  }

  @Test
  void itIsMadeAgainWhenItChangesOrAUserAsksAndNotByTime() {
    follow();
    answered("True", "PlanPossible");
    clock.advance(Duration.ofDays(2));
    follow();
    assertThat(jobs()).hasSize(1);

    plan(1, "pgbackrest.dalibo.com/plan: now", status());
    follow();
    assertThat(jobs()).hasSize(2);

    answered("True", "PlanPossible");
    plan(2, "pgbackrest.dalibo.com/plan: now", status());
    follow();
    assertThat(jobs()).hasSize(3);
  }

  @Test
  void aRepositoryThatDidNotAnswerIsAskedAgainAfterAQuarterOfAnHour() {
    follow();
    answered("Unknown", "RepositoryUnreachable");
    clock.advance(Duration.ofMinutes(14));
    follow();
    assertThat(jobs()).hasSize(1);

    clock.advance(Duration.ofMinutes(1));
    follow();
    assertThat(jobs()).hasSize(2);
  }

  @Test
  void aStanzaThatIsMissingOrCannotBeReadIsNamedAndWaitedFor() {
    inventory.putStanza(STANZA, "{\"metadata\": {\"name\": \"main\"}}");
    follow();
    assertThat(conditions())
        .singleElement()
        .asString()
        .contains("status=False", "reason=StanzaInvalid", "the stanza 'main' cannot be read");

    plan(1, "", "{}");
    var other = new Inventory();
    other.completeWhen(() -> true);
    other.putRestorePlan(new ObjectKey("default", "p"), json());
    new RestorePlans(client, clock, other, "sidecar:1").follow();
    assertThat(conditions())
        .singleElement()
        .asString()
        .contains("type=Possible", "status=False", "reason=StanzaMissing")
        .contains(
            "there is no Stanza 'main' in namespace 'default'; create it, or correct"
                + " spec.stanzaRef");
    assertThat(jobs()).isEmpty();

    read();
    stanza("shared");
    follow();
    assertThat(jobs()).hasSize(1);
  }

  @Test
  void aJobThatFailsLeavesItUnknownAndTakesBackWhatAnEarlierPlanSaid() {
    plan(1, "", "{request: earlier, manifest: 'kind: Cluster', backup: {label: old}}");
    follow();
    fail(jobs().getFirst());

    follow();

    assertThat(conditions())
        .singleElement()
        .asString()
        .contains("status=Unknown", "reason=PlanFailed")
        .contains("the plan did not end within 10 minutes and was stopped; see its log");
    assertThat(statusFields().get("manifest")).isNull();
    assertThat(statusFields().get("backup")).isNull();
    read();
    follow();
    assertThat(jobs()).hasSize(1);
    clock.advance(Duration.ofMinutes(15));
    follow();
    assertThat(jobs()).hasSize(2);
  }

  @Test
  void aStoreThatKnowsThePodByItsIdentityNeedsAServiceAccountOfTheUsers() {
    stanza("pod-id");

    follow();

    assertThat(jobs()).isEmpty();
    assertThat(conditions())
        .singleElement()
        .asString()
        .contains("status=Unknown", "reason=PlanNeedsIdentity")
        .contains("kubectl annotate stanza main --namespace default");
  }

  private void follow() {
    new RestorePlans(client, clock, inventory, "sidecar:1").follow();
  }

  private List<Job> jobs() {
    return client.batch().v1().jobs().inNamespace("default").list().getItems();
  }

  private static String line(PolicyRule rule) {
    return "%s %s %s"
        .formatted(rule.getResources().getFirst(), rule.getResourceNames(), rule.getVerbs());
  }

  private void fail(Job job) {
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
  }

  /// As the youngest Job would.
  private void answered(String status, String reason) {
    var request =
        jobs()
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
    plan(
        1,
        "",
        "{request: '%s', plannedTime: '%s', conditions: [{type: Possible, status: '%s', reason: %s}]}"
            .formatted(request, clock.instant(), status, reason));
  }

  private void stanza(String keyType) {
    inventory.putStanza(
        STANZA,
        """
        {"metadata": {"name": "main", "namespace": "default", "uid": "s", "generation": 1},
         "spec": {"stanzaConfiguration": {"name": "main", "s3Repositories": [
           {"bucket": "b", "endpoint": "e", "region": "r", "repoPath": "/r", "keyType": "%s",
            "secretRef": {"accessKeyId": {"name": "s3-keys", "key": "id"},
                          "secretAccessKey": {"name": "s3-keys", "key": "secret"}}}]}}}
        """
            .formatted(keyType));
  }

  private void plan(int generation, String annotation, String status) {
    var text =
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: RestorePlan
        metadata: {name: p, namespace: default, uid: u, generation: %d, annotations: {%s}}
        spec: {stanzaRef: main}
        status: %s
        """
            .formatted(generation, annotation, status);
    var plan = client.getKubernetesSerialization().unmarshal(text, GenericKubernetesResource.class);
    var objects = client.genericKubernetesResources(Kinds.RESTORE_PLANS).inNamespace("default");
    objects.withName("p").delete();
    objects.resource(plan).create();
    read(generation);
  }

  private void read() {
    read(1);
  }

  /// As the informer does.
  private void read(int generation) {
    var plan = object();
    plan.getMetadata().setUid("u");
    plan.getMetadata().setGeneration((long) generation);
    inventory.putRestorePlan(
        new ObjectKey("default", "p"), client.getKubernetesSerialization().asJson(plan));
  }

  private String json() {
    var plan = object();
    plan.getMetadata().setUid("u");
    return client.getKubernetesSerialization().asJson(plan);
  }

  private GenericKubernetesResource object() {
    return client
        .genericKubernetesResources(Kinds.RESTORE_PLANS)
        .inNamespace("default")
        .withName("p")
        .get();
  }

  private String status() {
    return client.getKubernetesSerialization().asJson(statusFields());
  }

  private Map<?, ?> statusFields() {
    return object().getAdditionalProperties().get("status") instanceof Map<?, ?> status
        ? status
        : Map.of();
  }

  private List<?> conditions() {
    return statusFields().get("conditions") instanceof List<?> conditions ? conditions : List.of();
  }
}
