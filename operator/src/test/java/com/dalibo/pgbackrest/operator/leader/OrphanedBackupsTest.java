package com.dalibo.pgbackrest.operator.leader;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class OrphanedBackupsTest {

  KubernetesClient client;

  private final Inventory inventory = new Inventory();

  @Test
  void aDeletedObjectGoesWhenItsClusterIsGone() {
    inventory.completeWhen(() -> true);
    backup("of-the-gone", "gone");
    backup("of-the-living", "living");
    inventory.putCluster(
        new ObjectKey("default", "living"),
        Cluster.parse(
            "{\"metadata\": {\"name\": \"living\", \"namespace\": \"default\"}}"
                .getBytes(StandardCharsets.UTF_8)));
    delete("of-the-gone");
    delete("of-the-living");

    new OrphanedBackups(client, Clock.systemUTC(), inventory).release();

    assertThat(get("of-the-gone")).isNull();
    assertThat(get("of-the-living").getMetadata().getFinalizers())
        .containsExactly("pgbackrest.dalibo.com/expire-backup");
  }

  @Test
  void whatIsNotDeletedIsLeft() {
    inventory.completeWhen(() -> true);
    backup("kept", "gone");

    new OrphanedBackups(client, Clock.systemUTC(), inventory).release();

    assertThat(get("kept").getMetadata().getFinalizers()).hasSize(1);
  }

  private void backup(String name, String cluster) {
    var backup = new GenericKubernetesResource();
    backup.setApiVersion("postgresql.cnpg.io/v1");
    backup.setKind("Backup");
    backup.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace("default")
            .withFinalizers("pgbackrest.dalibo.com/expire-backup")
            .build());
    backup.setAdditionalProperty("spec", Map.of("cluster", Map.of("name", cluster)));
    client
        .genericKubernetesResources(Kinds.BACKUPS)
        .inNamespace("default")
        .resource(backup)
        .create();
  }

  private void delete(String name) {
    client.genericKubernetesResources(Kinds.BACKUPS).inNamespace("default").withName(name).delete();
  }

  private GenericKubernetesResource get(String name) {
    return client
        .genericKubernetesResources(Kinds.BACKUPS)
        .inNamespace("default")
        .withName(name)
        .get();
  }
}
