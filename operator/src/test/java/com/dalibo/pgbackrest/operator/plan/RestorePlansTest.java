package com.dalibo.pgbackrest.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.operator.job.JobStage;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class RestorePlansTest {
  KubernetesClient client;
  KubernetesMockServer server;

  private JobStage stage;

  @BeforeEach
  void begin() {
    stage = new JobStage(client, Instant.parse("2026-11-29T10:00:00Z"), Kinds.RESTORE_PLANS, "p");
    stanza("shared");
    plan(1, "", "{}");
  }

  @Test
  void aNewPlanIsMadeOnceByAJobOfItsOwn() {
    follow();
    follow();

    var job = stage.jobs().getFirst();
    assertThat(stage.jobs()).hasSize(1);
    assertThat(job.getMetadata().getName()).matches("pgbackrest.dalibo.com.plan-p-[0-9a-f]{10}");
    assertThat(job.getMetadata().getOwnerReferences())
        .extracting("kind", "name", "uid", "blockOwnerDeletion")
        .containsExactly(tuple("RestorePlan", "p", "u", null));
    assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(600);
    assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(600);
    var pod = stage.podOfFirst();
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
    stage.inventory.putStanza(
        JobStage.key("main"),
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

    assertThat(stage.podOfFirst().getContainers().getFirst().getEnv())
        .filteredOn(variable -> variable.getName().equals("PLUGIN_PLAN_IMAGE"))
        .extracting(EnvVar::getValue)
        .containsExactly("registry.example/postgresql:17.6");
  }

  /// Until the Job has ended, the plan is due in each round.
  @Test
  void theClusterIsReadOnceForAPlan() throws Exception {
    stage.inventory.putStanza(
        JobStage.key("main"),
        """
        {"metadata": {"name": "main", "namespace": "default", "uid": "s", "generation": 1},
         "spec": {"stanzaConfiguration": {"name": "main", "volumeRepositories": [{"claimName": "c", "repoPath": "/r"}]}},
         "status": {"owner": {"cluster": "demo", "uid": "c"}}}
        """);

    for (int i = 0; i < 5; i++) {
      follow();
    }

    assertThat(stage.jobs()).hasSize(1);
    var paths = new ArrayList<String>();
    for (int i = server.getRequestCount(); i > 0; i--) {
      paths.add(server.takeRequest().getPath());
    }
    assertThat(paths).filteredOn(path -> path.contains("/clusters/")).hasSize(1);
  }

  @Test
  void itMayReadItsStanzaAndTheSecretsOfThatAndWriteItsOwnStatus() {
    follow();

    var name = "pgbackrest.dalibo.com:plan:p";
    assertThat(stage.rules(name))
        .containsExactly(
            "stanzas [main] [get]",
            "restoreplans [p] [get]",
            "restoreplans/status [p] [patch]",
            "secrets [s3-keys] [get]");
    var role = client.rbac().roles().inNamespace("default").withName(name).get();
    assertThat(role.getMetadata().getOwnerReferences().getFirst().getUid()).isEqualTo("u");
  }

  @Test
  void itIsMadeWhereAClusterArchivesToo() {
    stage.archivingCluster();

    follow();

    assertThat(stage.jobs()).hasSize(1);
  }

  @Test
  void itIsMadeAgainWhenItChangesOrAUserAsksAndNotByTime() {
    follow();
    answered("True", "PlanPossible");
    stage.clock.advance(Duration.ofDays(2));
    follow();
    assertThat(stage.jobs()).hasSize(1);

    plan(1, "pgbackrest.dalibo.com/plan: now", stage.status());
    follow();
    assertThat(stage.jobs()).hasSize(2);

    answered("True", "PlanPossible");
    plan(2, "pgbackrest.dalibo.com/plan: now", stage.status());
    follow();
    assertThat(stage.jobs()).hasSize(3);
  }

  @Test
  void aRepositoryThatDidNotAnswerIsAskedAgainAfterAQuarterOfAnHour() {
    follow();
    answered("Unknown", "RepositoryUnreachable");
    stage.clock.advance(Duration.ofMinutes(14));
    follow();
    assertThat(stage.jobs()).hasSize(1);

    stage.clock.advance(Duration.ofMinutes(1));
    follow();
    assertThat(stage.jobs()).hasSize(2);
  }

  @Test
  void aStanzaThatIsMissingOrCannotBeReadIsNamedAndWaitedFor() {
    stage.inventory.putStanza(JobStage.key("main"), "{\"metadata\": {\"name\": \"main\"}}");
    follow();
    assertThat(stage.conditions())
        .singleElement()
        .asString()
        .contains("status=False", "reason=StanzaInvalid", "the stanza 'main' cannot be read");

    plan(1, "", "{}");
    var other = new Inventory();
    other.completeWhen(() -> true);
    other.putRestorePlan(JobStage.key("p"), json(1));
    new RestorePlans(client, stage.clock, other, "sidecar:1").follow();
    assertThat(stage.conditions())
        .singleElement()
        .asString()
        .contains("type=Possible", "status=False", "reason=StanzaMissing")
        .contains(
            "there is no Stanza 'main' in namespace 'default'; create it, or correct"
                + " spec.stanzaRef");
    assertThat(stage.jobs()).isEmpty();

    read();
    stanza("shared");
    follow();
    assertThat(stage.jobs()).hasSize(1);
  }

  @Test
  void aJobThatFailsLeavesItUnknownAndTakesBackWhatAnEarlierPlanSaid() {
    plan(1, "", "{request: earlier, manifest: 'kind: Cluster', backup: {label: old}}");
    follow();
    stage.stopFirst();

    follow();

    assertThat(stage.conditions())
        .singleElement()
        .asString()
        .contains("status=Unknown", "reason=PlanFailed")
        .contains("the plan did not end within 10 minutes and was stopped; see its log");
    assertThat(stage.statusFields().get("manifest")).isNull();
    assertThat(stage.statusFields().get("backup")).isNull();
    read();
    follow();
    assertThat(stage.jobs()).hasSize(1);
    stage.clock.advance(Duration.ofMinutes(15));
    follow();
    assertThat(stage.jobs()).hasSize(2);
  }

  @Test
  void aStoreThatKnowsThePodByItsIdentityNeedsAServiceAccountOfTheUsers() {
    stanza("pod-id");

    follow();

    assertThat(stage.jobs()).isEmpty();
    assertThat(stage.conditions())
        .singleElement()
        .asString()
        .contains("status=Unknown", "reason=PlanNeedsIdentity")
        .contains("kubectl annotate stanza main --namespace default");
  }

  private void follow() {
    new RestorePlans(client, stage.clock, stage.inventory, "sidecar:1").follow();
  }

  /// As the youngest Job would.
  private void answered(String status, String reason) {
    plan(
        1,
        "",
        "{request: '%s', plannedTime: '%s', conditions: [{type: Possible, status: '%s', reason: %s}]}"
            .formatted(stage.request(), stage.clock.instant(), status, reason));
  }

  private void stanza(String keyType) {
    stage.inventory.putStanza(
        JobStage.key("main"),
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
    stage.put(text);
    read(generation);
  }

  private void read() {
    read(1);
  }

  /// As the informer does.
  private void read(int generation) {
    stage.inventory.putRestorePlan(JobStage.key("p"), json(generation));
  }

  private String json(int generation) {
    return stage.json(
        plan -> {
          plan.getMetadata().setUid("u");
          plan.getMetadata().setGeneration((long) generation);
        });
  }
}
