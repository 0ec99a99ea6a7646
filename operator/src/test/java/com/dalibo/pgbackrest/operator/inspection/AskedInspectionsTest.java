package com.dalibo.pgbackrest.operator.inspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.dalibo.pgbackrest.operator.job.JobStage;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which Stanzas are inspected, and what the Job that asks is like.
@EnableKubernetesMockClient(crud = true)
class AskedInspectionsTest {
  KubernetesClient client;

  private InspectionStage stage;

  @BeforeEach
  void begin() {
    stage = new InspectionStage(client);
  }

  @Test
  void aNewStanzaIsInspectedOnce() {
    stage.follow();
    stage.follow();

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
    stage.follow();

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

    stage.follow();

    assertThat(stage.jobs()).isEmpty();
  }

  @Test
  void aClusterInTheSameFileIsWaitedFor() {
    stage.created = stage.clock.instant();
    stage.stanza("{}");
    stage.follow();
    assertThat(stage.jobs()).isEmpty();

    stage.clock.advance(Duration.ofSeconds(4));
    stage.follow();

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

    stage.follow();
    assertThat(stage.jobs()).hasSize(10);
    stage.follow();

    assertThat(stage.jobs()).hasSize(13);
  }

  @Test
  void aClusterThatIsNotTheOwnerDoesNotWriteTheStatus() {
    stage.archivingCluster();
    stage.stanza("{owner: {cluster: gone, uid: other}}");

    stage.follow();

    assertThat(stage.jobs()).hasSize(1);
  }

  @Test
  void asLongAsTheClustersAreNotKnownNothingIsInspected() {
    stage.inventory.clustersKnownWhen(() -> false);

    stage.follow();

    assertThat(stage.jobs()).isEmpty();
  }
}
