package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.stanza.contract.SidecarEnvironment;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import com.dalibo.pgbackrest.testbed.cnpg.BootstrapContainer;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.cnpg.CnpgVersion;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.dalibo.pgbackrest.testbed.cnpg.RestoreJob;
import com.dalibo.pgbackrest.testbed.cnpg.SidecarProcess;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.program.PgBackRestProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/// One pod: PostgreSQL, CNPG's instance manager and the packaged sidecar, a process that may be
/// killed.
public final class Instance implements AutoCloseable {
  final Pod pod;
  final ClusterDefinition cluster;
  public final Postgres postgres;
  public final InstanceManager manager;
  private final SidecarMode mode;
  private final TestCluster datacenter;
  private Path program = PgBackRestProgram.path();
  private SidecarProcess sidecar;

  private Instance(
      TestCluster datacenter,
      Pod pod,
      SidecarMode mode,
      ClusterDefinition cluster,
      Postgres postgres,
      CnpgVersion version) {
    this.datacenter = datacenter;
    this.pod = pod;
    this.mode = mode;
    this.cluster = cluster;
    this.postgres = postgres;
    manager = InstanceManager.start(pod, cluster, version);
    startSidecar();
  }

  /// The first instance of a new cluster, primary, with PostgreSQL stopped.
  public static Instance initialised(
      TestCluster datacenter, ClusterDefinition cluster, int major, String... initdb) {
    var pod = new Pod(cluster.name() + "-1", datacenter.directory(cluster.name() + "-1"));
    return new Instance(
        datacenter,
        pod,
        SidecarMode.INSTANCE,
        cluster.primary(pod.name()).timeline(1),
        Postgres.initdb(major, pod.pgData(), initdb),
        CnpgVersion.V1_30);
  }

  /// The same, with PostgreSQL running and archiving.
  static Instance archiving(
      TestCluster datacenter, ClusterDefinition cluster, int major, String... initdb) {
    var instance = initialised(datacenter, cluster, major, initdb);
    instance.start();
    return instance;
  }

  /// A standby of a running instance, in the same cluster, with PostgreSQL stopped.
  Instance standby(int number) {
    var name = cluster.name() + "-" + number;
    var other = new Pod(name, datacenter.directory(name));
    return new Instance(
        datacenter, other, mode, cluster, postgres.standby(other.pgData()), CnpgVersion.V1_30);
  }

  /// The first instance of a cluster that a recovery job has made.
  static Instance existing(TestCluster datacenter, ClusterDefinition cluster, int major) {
    var pod = new Pod(cluster.name() + "-1", datacenter.directory(cluster.name()));
    return new Instance(
        datacenter,
        pod,
        SidecarMode.INSTANCE,
        cluster,
        Postgres.existing(major, pod.pgData()),
        CnpgVersion.V1_30);
  }

  /// The pod of a recovery job.
  public static Instance recovery(TestCluster datacenter, ClusterDefinition cluster, int major) {
    return recovery(datacenter, cluster, major, CnpgVersion.V1_30);
  }

  static Instance recovery(
      TestCluster datacenter, ClusterDefinition cluster, int major, CnpgVersion version) {
    var pod = new Pod(cluster.name() + "-1-full-recovery", datacenter.directory(cluster.name()));
    return new Instance(
        datacenter,
        pod,
        SidecarMode.RESTORE,
        cluster,
        Postgres.existing(major, pod.pgData()),
        version);
  }

  /// The next pod of the same job, on the same volume.
  Instance successor() throws IOException {
    var next = new Pod(pod.name(), datacenter.directory(cluster.name() + "-next"));
    var data = next.pgData().getParent();
    Files.delete(data);
    Files.createSymbolicLink(data, pod.pgData().getParent());
    return new Instance(
        datacenter,
        next,
        mode,
        cluster,
        Postgres.existing(postgres.majorVersion(), next.pgData()),
        CnpgVersion.V1_30);
  }

  /// The pod of a first instance that makes its own data directory, as CNPG 1.31 has it.
  static Instance bootstrapping(TestCluster datacenter, ClusterDefinition cluster, int major) {
    var pod = new Pod(cluster.name() + "-1", datacenter.directory(cluster.name()));
    return new Instance(
        datacenter,
        pod,
        SidecarMode.INSTANCE,
        cluster.targetPrimary(pod.name()),
        Postgres.existing(major, pod.pgData()),
        CnpgVersion.MAIN);
  }

  BootstrapContainer bootstrap() {
    return new BootstrapContainer(manager, postgres);
  }

  public void start() {
    postgres.set("archive_mode", "on").set("archive_command", manager.archiveCommand()).start();
  }

  RestoreJob job() {
    return new RestoreJob(manager, postgres);
  }

  /// The recovery job up to the end of recovery; PostgreSQL keeps running.
  public Instance recovered() {
    try {
      job().restore();
      postgres.start().waitForPromotion(Eventually.PATIENCE);
      return this;
    } catch (RuntimeException failure) {
      close();
      throw failure;
    }
  }

  public BackupResult backup(String parameters) {
    return manager.backup(backupYaml(parameters));
  }

  String backupYaml(String parameters) {
    return """
        {apiVersion: postgresql.cnpg.io/v1, kind: Backup, metadata: {name: b, uid: %s},
         spec: {method: plugin, cluster: {name: %s},
           pluginConfiguration: {name: pgbackrest.dalibo.com, parameters: {%s}}}}
        """
        .formatted(UUID.randomUUID(), cluster.name(), parameters);
  }

  /// Ends the segment and waits until it is archived, and everything before it.
  public String archiveAll() {
    var segment = postgres.switchWal();
    postgres.waitForArchived(segment, Eventually.PATIENCE);
    return segment;
  }

  public SidecarProcess sidecar() {
    return sidecar;
  }

  /// Starts the sidecar again with another pgBackRest.
  Instance withProgram(Path another) {
    program = another;
    sidecar.close();
    startSidecar();
    return this;
  }

  public void startSidecar() {
    try {
      var environment = pod.sidecarEnvironment(mode, cluster, postgres, datacenter.api);
      environment.put(SidecarEnvironment.PROGRAM, program.toString());
      sidecar = SidecarProcess.start(pod, environment);
      manager.reconnect();
    } catch (RuntimeException failure) {
      manager.close();
      postgres.close();
      throw failure;
    }
  }

  /// The programs of this pod's sidecar that run, itself not among them.
  List<ProcessHandle> programs() throws IOException {
    var configuration = pod.runDirectory().toRealPath().toString();
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != sidecar.pid())
        .filter(process -> process.info().commandLine().orElse("").contains(configuration))
        .toList();
  }

  @Override
  public void close() {
    postgres.close();
    manager.close();
    sidecar.close();
  }
}
