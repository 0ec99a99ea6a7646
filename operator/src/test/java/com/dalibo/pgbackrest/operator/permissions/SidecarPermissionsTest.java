package com.dalibo.pgbackrest.operator.permissions;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.InjectionCase;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import org.junit.jupiter.api.Test;

class SidecarPermissionsTest {

  @Test
  void theSidecarsMayReadWhatTheirClusterNames() throws Exception {
    var access = access(InjectionCase.named("job-that-recovers-with-resources-of-the-new-cluster"));

    assertThat(access.role().getRules())
        .extracting(SidecarPermissionsTest::line)
        .containsExactly(
            "stanzas.pgbackrest.dalibo.com [stanza-origin, stanza-sample] [get]",
            "stanzas/status.pgbackrest.dalibo.com [stanza-origin, stanza-sample] [get, patch]",
            "pluginconfigs.pgbackrest.dalibo.com [sized] [get]",
            "secrets. [pgbackrest-s3-secret] [get]",
            "clusters.postgresql.cnpg.io [demo] [get]",
            "events. [] [create, patch]",
            "backups.postgresql.cnpg.io [] [get, list, patch, delete]");
  }

  @Test
  void beforeItsStanzaThereIsNoRightToSecretsAtAll() throws Exception {
    var access = access(InjectionCase.named("instance-before-its-stanza"));

    assertThat(access.role().getRules())
        .extracting(SidecarPermissionsTest::line)
        .containsExactly(
            "stanzas.pgbackrest.dalibo.com [stanza-sample] [get]",
            "stanzas/status.pgbackrest.dalibo.com [stanza-sample] [get, patch]",
            "clusters.postgresql.cnpg.io [demo] [get]",
            "events. [] [create, patch]",
            "backups.postgresql.cnpg.io [] [get, list, patch, delete]");
  }

  @Test
  void theRightsGoToTheServiceAccountOfThePodsAndGoWithTheCluster() throws Exception {
    var access = access(InjectionCase.named("instance"));

    var subject = access.binding().getSubjects().getFirst();
    assertThat(subject.getName()).isEqualTo("demo");
    assertThat(subject.getNamespace()).isEqualTo("default");
    assertThat(access.binding().getRoleRef().getName()).isEqualTo("pgbackrest.dalibo.com:demo");
    var owner = access.role().getMetadata().getOwnerReferences().getFirst();
    assertThat(owner.getUid()).isEqualTo("0b0f8a2e-6a56-4a4c-9f6c-3f8d1f6f2a11");
    assertThat(owner.getController()).isNull();
    assertThat(owner.getBlockOwnerDeletion()).isNull();
  }

  private static SidecarPermissions access(InjectionCase given) throws Exception {
    var cluster = Cluster.parse(given.cluster());
    return SidecarPermissions.of(cluster, StanzaReferences.of(cluster).valid(), given.inventory());
  }

  private static String line(PolicyRule rule) {
    return "%s.%s %s %s"
        .formatted(
            rule.getResources().getFirst(),
            rule.getApiGroups().getFirst(),
            rule.getResourceNames(),
            rule.getVerbs());
  }
}
