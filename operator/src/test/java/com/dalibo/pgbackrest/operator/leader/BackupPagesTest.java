package com.dalibo.pgbackrest.operator.leader;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.operator.inventory.Inventory;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/// The Backups of a Kubernetes with more than one page of them.
@EnableKubernetesMockClient
class BackupPagesTest {

  private static final String BACKUPS = "/apis/postgresql.cnpg.io/v1/backups?";
  private static final String BACKUP =
      """
      {"apiVersion": "postgresql.cnpg.io/v1", "kind": "Backup", "metadata": {"name": "second", "namespace": "default",
        "deletionTimestamp": "2026-11-29T00:00:00Z", "finalizers": ["pgbackrest.dalibo.com/expire-backup"]},
        "spec": {"cluster": {"name": "gone"}}}
      """;

  KubernetesClient client;
  KubernetesMockServer server;

  @Test
  void aDeletedObjectOfTheSecondPageGoes() throws Exception {
    var inventory = new Inventory();
    inventory.completeWhen(() -> true);
    server.expect().get().withPath(BACKUPS + "limit=500").andReturn(200, list("next", "")).once();
    server
        .expect()
        .get()
        .withPath(BACKUPS + "continue=next&limit=500")
        .andReturn(200, list("", BACKUP))
        .once();
    var path = "/apis/postgresql.cnpg.io/v1/namespaces/default/backups/second";
    server.expect().get().withPath(path).andReturn(200, BACKUP).always();
    server.expect().patch().withPath(path).andReturn(200, BACKUP).once();

    new OrphanedBackups(client, Clock.systemUTC(), inventory).release();

    var last = server.getLastRequest();
    assertThat(last.getPath()).isEqualTo(path);
    assertThat(last.getMethod()).isEqualTo("PATCH");
    assertThat(last.getBody().readUtf8())
        .isEqualTo("[{\"op\":\"remove\",\"path\":\"/metadata/finalizers\"}]");
  }

  private static String list(String next, String items) {
    return """
        {"apiVersion": "postgresql.cnpg.io/v1", "kind": "BackupList", "metadata": {"continue": "%s"}, "items": [%s]}
        """
        .formatted(next, items);
  }
}
