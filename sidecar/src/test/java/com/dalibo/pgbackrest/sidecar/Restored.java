package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.cnpg.CnpgVersion;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.dalibo.pgbackrest.testbed.cnpg.RestoreJob;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// The pod of a job that recovers a Cluster: PostgreSQL, CNPG's instance manager, and the sidecar
/// in this JVM.
final class Restored implements AutoCloseable {
  final Pod pod;
  final ClusterDefinition cluster;
  final Postgres postgres;
  final RestoreJob job;
  private final KubernetesApiServer api;
  private final InstanceManager manager;
  private RunningSidecar sidecar;

  /// @param directory in which the pod gets one with the name of the Cluster
  Restored(
      Path directory,
      KubernetesApiServer api,
      int major,
      ClusterDefinition cluster,
      CnpgVersion version)
      throws Exception {
    this.api = api;
    this.cluster = cluster;
    pod = new Pod(cluster.name() + "-1-full-recovery", directory.resolve(cluster.name()));
    Files.createDirectories(pod.directory().resolve("wal"));
    postgres = Postgres.existing(major, pod.pgData());
    startSidecar();
    manager = InstanceManager.start(pod, cluster, version);
    job = new RestoreJob(manager, postgres);
  }

  void startSidecar() throws Exception {
    sidecar =
        SidecarMain.start(
            SidecarSettings.from(
                pod.sidecarEnvironment(SidecarMode.RESTORE, cluster, postgres, api)));
  }

  void stopSidecar() {
    sidecar.close();
  }

  /// Those of the table `t`, whose column `n` says what they are about.
  String rows() {
    return postgres.value("select string_agg(n::text, ',' order by n) from t");
  }

  /// Which file it is, whatever its name.
  Object file(String name) throws IOException {
    return Files.readAttributes(pod.pgData().resolve(name), BasicFileAttributes.class).fileKey();
  }

  @Override
  public void close() {
    postgres.close();
    manager.close();
    sidecar.close();
  }
}
