package com.dalibo.pgbackrest.sidecar.standby;

import com.dalibo.pgbackrest.sidecar.Eventually;
import com.dalibo.pgbackrest.sidecar.TestCluster;
import com.dalibo.pgbackrest.sidecar.TestMember;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Two instances of a Cluster with their sidecars, and pgBackRest's TLS protocol between them.
final class StandbyPair implements AutoCloseable {

  static final int MAJOR = PostgresInstallation.NEWEST;
  private static final TestCertificates CERTIFICATES = TestCertificates.create();

  final TestCluster datacenter;
  final ClusterDefinition cluster;
  final TestMember primary;
  final TestMember standby;
  private final Map<String, TestMember> members = new HashMap<>();

  private StandbyPair(TestCluster datacenter) throws Exception {
    this.datacenter = datacenter;
    datacenter.stanza(
        "s", "processMax: 2, startFast: true,", datacenter.repository("repo", "/r", ""));
    cluster = TestCluster.archiving("c", "s");
    // Tests of other trees may run on this machine, and the port is the same for all.
    var network = new SecureRandom();
    var prefix = "127.%d.%d.".formatted(1 + network.nextInt(254), network.nextInt(256));
    primary = TestMember.primary(datacenter, cluster, MAJOR, prefix + "1", members);
    primary.postgres.execute(
        "create table t as select n, repeat('x', 900) as filling from generate_series(1, 3000) n");
    standby = primary.standby(prefix + "2");
    var key = replicationKey();
    primary.giveKey(key);
    standby.giveKey(key);
    archiveAll();
  }

  /// Both serve.
  static StandbyPair start(Path directory) throws Exception {
    var pair = new StandbyPair(new TestCluster(directory, "repo"));
    Eventually.until("both serve", () -> pair.primary.isServing() && pair.standby.isServing());
    return pair;
  }

  @Override
  public void close() {
    datacenter.s3.faults().heal();
    members.values().forEach(TestMember::close);
    datacenter.close();
  }

  void archiveAll() {
    primary.postgres.waitForArchived(primary.postgres.switchWal(), Eventually.PATIENCE);
  }

  void caughtUp() throws Exception {
    var position = primary.postgres.value("select pg_current_wal_flush_lsn()");
    Eventually.until(
        "the standby has replayed all",
        () ->
            standby
                .postgres
                .value("select pg_last_wal_replay_lsn() >= '%s'".formatted(position))
                .equals("t"));
  }

  static TestCertificates.Issued replicationKey() {
    return CERTIFICATES.issue("streaming_replica", List.of("streaming_replica"));
  }
}
