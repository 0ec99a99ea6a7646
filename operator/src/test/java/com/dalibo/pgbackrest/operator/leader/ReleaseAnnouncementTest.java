package com.dalibo.pgbackrest.operator.leader;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import org.junit.jupiter.api.Test;

class ReleaseAnnouncementTest {

  @Test
  void aDeploymentWithAPodOfTheReleaseBeforeIsNotRolledOut() {
    assertThat(ReleaseAnnouncement.isRolledOut(deployment(3, 2, 2))).isFalse();
  }

  @Test
  void aDeploymentWithAPodThatIsNotReadyIsNotRolledOut() {
    assertThat(ReleaseAnnouncement.isRolledOut(deployment(2, 2, 1))).isFalse();
  }

  @Test
  void aDeploymentWithOnlyReadyPodsOfThisReleaseIsRolledOut() {
    assertThat(ReleaseAnnouncement.isRolledOut(deployment(2, 2, 2))).isTrue();
  }

  @Test
  void allPodsOfARolloutAnnounceTheSame() {
    assertThat(ReleaseAnnouncement.serving("pgbackrest-controller-7877dbb9ff-ndh9d"))
        .isEqualTo(Plugin.version() + "/pgbackrest-controller-7877dbb9ff");
  }

  private static Deployment deployment(int replicas, int updated, int ready) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withGeneration(4L)
        .endMetadata()
        .withNewSpec()
        .withReplicas(2)
        .endSpec()
        .withNewStatus()
        .withObservedGeneration(4L)
        .withReplicas(replicas)
        .withUpdatedReplicas(updated)
        .withReadyReplicas(ready)
        .endStatus()
        .build();
  }
}
