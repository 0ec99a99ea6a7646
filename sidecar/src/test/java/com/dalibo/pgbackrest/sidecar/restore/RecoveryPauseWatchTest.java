package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesApi;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryPauseWatchTest {
  private static final Cluster CLUSTER =
      Cluster.parse(
          "{\"metadata\": {\"name\": \"new\", \"namespace\": \"n\"}}"
              .getBytes(StandardCharsets.UTF_8));

  @TempDir private Path directory;

  @Test
  void aSettingThatIsSmallerThanTheWalNeedsIsNamedWithTheRemedy() throws Exception {
    var pgData = directory.resolve("pgdata");
    var events = new Events(new KubernetesApi(URI.create("https://unset"), directory), "pod");
    var watch = new RecoveryPauseWatch(pgData, false, events);
    try (var _ = Postgres.initdb(PostgresInstallation.NEWEST, pgData)) {
      assertThat(watch.words(CLUSTER, "new-1-full-recovery")).isEmpty();

      Files.createFile(pgData.resolve("recovery.signal"));
      Files.writeString(
          pgData.resolve("custom.conf"), "max_connections = '200'\nmax_connections = '50'\n");

      assertThat(watch.words(CLUSTER, "new-1-full-recovery"))
          .contains(
              "recovery of cluster 'new' is paused: the WAL was written with max_connections = 100, and the cluster has 50."
                  + " Set at least that in spec.postgresql.parameters of the Cluster, and run: kubectl delete pod"
                  + " --namespace n --selector job-name=new-1-full-recovery. The next try continues with what has been"
                  + " copied; its log: kubectl logs --namespace n job/new-1-full-recovery");
      assertThat(new RecoveryPauseWatch(pgData, true, events).words(CLUSTER, "new-1").orElseThrow())
          .contains("kubectl delete pod --namespace n new-1. The next try")
          .endsWith("kubectl logs --namespace n new-1 -c bootstrap-instance");
      Files.writeString(pgData.resolve("custom.conf"), "max_connections = '100'\n");
      assertThat(watch.words(CLUSTER, "new-1-full-recovery")).isEmpty();
    }
  }
}
