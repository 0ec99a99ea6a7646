package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.sidecar.settings.Intervals;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.sidecar.standby.PeerFiles;
import com.dalibo.pgbackrest.sidecar.standby.PrimaryHost;
import com.dalibo.pgbackrest.sidecar.standby.PrimaryLocator;
import com.dalibo.pgbackrest.stanza.contract.SidecarEnvironment;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// One instance of a cluster of several, each with a loopback address of its own and a sidecar in
/// this JVM. In pods all have the same paths; here each is told those of the others.
public final class TestMember implements AutoCloseable {
  /// With less patience than for people.
  private static final Intervals BRIEF =
      new Intervals(
          Intervals.NORMAL.look(),
          Intervals.NORMAL.ask(),
          Intervals.NORMAL.gaps(),
          Intervals.NORMAL.settle(),
          Intervals.NORMAL.deletion(),
          Intervals.NORMAL.verifyAgain(),
          Intervals.NORMAL.recordAgain(),
          Intervals.NORMAL.stall(),
          Duration.ofSeconds(15),
          Duration.ofMillis(500));

  public final Pod pod;
  public final Postgres postgres;
  final InstanceManager manager;
  public final String address;
  private final ClusterDefinition cluster;
  private final TestCluster datacenter;
  private final Map<String, TestMember> members;
  private RunningSidecar sidecar;

  private TestMember(
      TestCluster datacenter,
      ClusterDefinition cluster,
      Pod pod,
      Postgres postgres,
      String address,
      Map<String, TestMember> members)
      throws IOException {
    this.datacenter = datacenter;
    this.cluster = cluster;
    this.pod = pod;
    this.postgres = postgres;
    this.address = address;
    this.members = members;
    members.put(pod.name(), this);
    cluster.address(pod.name(), address);
    manager = InstanceManager.start(pod, cluster);
    postgres.set("archive_mode", "on").set("archive_command", manager.archiveCommand());
    startSidecar();
  }

  /// The primary, running and archiving.
  public static TestMember primary(
      TestCluster datacenter,
      ClusterDefinition cluster,
      int major,
      String address,
      Map<String, TestMember> members)
      throws IOException {
    var pod = new Pod(cluster.name() + "-1", datacenter.directory(cluster.name() + "-1"));
    var member =
        new TestMember(
            datacenter,
            cluster.primary(pod.name()).timeline(1),
            pod,
            Postgres.initdb(major, pod.pgData(), "--wal-segsize=1"),
            address,
            members);
    member.postgres.start();
    return member;
  }

  /// A standby of this one, running.
  public TestMember standby(String itsAddress) throws IOException {
    var name = cluster.name() + "-" + (members.size() + 1);
    var itsPod = new Pod(name, datacenter.directory(name));
    var member =
        new TestMember(
            datacenter, cluster, itsPod, postgres.standby(itsPod.pgData()), itsAddress, members);
    member.postgres.start();
    return member;
  }

  /// What CNPG's instance manager does when it starts, and when the Secret changes.
  public void giveKey(TestCertificates.Issued key) throws IOException {
    Files.writeString(
        pod.certificateDirectory().resolve("streaming_replica.crt"), key.certificatePem());
    Files.writeString(pod.certificateDirectory().resolve("streaming_replica.key"), key.keyPem());
  }

  public void startSidecar() throws IOException {
    startSidecar(BRIEF);
  }

  public void startSidecar(Intervals intervals) throws IOException {
    var environment =
        pod.sidecarEnvironment(SidecarMode.INSTANCE, cluster, postgres, datacenter.api);
    environment.put(SidecarEnvironment.ADDRESS, address);
    var settings = SidecarSettings.from(environment);
    var files = new PeerFiles(settings, InstantSource.system());
    sidecar =
        SidecarMain.start(
            settings,
            files,
            seen -> {
              var name = seen.currentPrimary().orElseThrow();
              var primary = members.get(name);
              return new PrimaryHost(
                  name,
                  PrimaryLocator.address(seen, name),
                  primary.pod.pgData(),
                  primary.postgres.socketDirectory(),
                  primary.postgres.port(),
                  primary.pod.runDirectory().resolve("server.conf"));
            },
            intervals);
  }

  public void stopSidecar() {
    sidecar.close();
  }

  public BackupResult backup(String name) {
    return backup(name, UUID.randomUUID().toString());
  }

  public BackupResult backup(String name, String uid) {
    return manager.backup(
        """
        {apiVersion: postgresql.cnpg.io/v1, kind: Backup, metadata: {name: %s, uid: %s},
         spec: {method: plugin, cluster: {name: %s},
           pluginConfiguration: {name: pgbackrest.dalibo.com, parameters: {backupType: full}}}}
        """
            .formatted(name, uid, cluster.name()));
  }

  /// The programs of this pod's sidecar with this in their command line.
  public List<ProcessHandle> programs(String part) throws IOException {
    var configuration = pod.runDirectory().toRealPath().toString();
    return ProcessHandle.allProcesses()
        .filter(
            process -> {
              var line = process.info().commandLine().orElse("");
              return line.contains(configuration) && line.contains(part);
            })
        .toList();
  }

  public boolean isServing() throws IOException {
    return !programs("server.conf").isEmpty();
  }

  @Override
  public void close() {
    postgres.close();
    manager.close();
    sidecar.close();
  }
}
