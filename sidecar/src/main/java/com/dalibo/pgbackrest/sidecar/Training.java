package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.PluginChannel;
import com.dalibo.pgbackrest.cnpgi.proto.identity.GetPluginCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.identity.GetPluginMetadataRequest;
import com.dalibo.pgbackrest.cnpgi.proto.identity.IdentityGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.identity.ProbeRequest;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALArchiveRequest;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALRestoreRequest;
import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A run of the sidecar against itself while its image is built, so that the JVM can keep what it
/// loaded: calls over the socket, the Kubernetes client, and pgBackRest if it is there.
final class Training {

  private static final int ROUNDS = 100;
  private static final String SEGMENT = "000000010000000000000001";
  private static final String CLUSTER =
      """
      {"metadata": {"name": "train", "namespace": "default", "uid": "1"},
       "spec": {
         "plugins": [{"name": "pgbackrest.dalibo.com", "isWALArchiver": true, "parameters": {"stanzaRef": "train"}}],
         "bootstrap": {"recovery": {"source": "origin"}},
         "externalClusters": [{"name": "origin",
           "plugin": {"name": "pgbackrest.dalibo.com", "parameters": {"stanzaRef": "train"}}}]}}
      """;

  private Training() {}

  static void run() throws Exception {
    Log.threshold(Log.Level.ERROR);
    var directory = Files.createTempDirectory("train");
    try (var kubernetes = new TrainingApi(directory)) {
      var settings = SidecarSettings.forTraining(directory, kubernetes.address());
      try (var _ = SidecarMain.start(settings)) {
        var channel = PluginChannel.onUnixSocket(settings.socket());
        try {
          call(channel, directory);
        } finally {
          channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
      }
    }
    issue(Files.createDirectory(directory.resolve("replication")));
  }

  /// Makes certificates as every start does, without the server that they are for.
  private static void issue(Path directory) throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    var pair = generator.generateKeyPair();
    var key = new ReplicationKey(pair.getPrivate(), pair.getPublic());
    Files.writeString(
        directory.resolve("streaming_replica.crt"),
        PeerIdentity.issue(key, "train", List.of(), Instant.now()).authority().text());
    Files.writeString(
        directory.resolve("streaming_replica.key"),
        new Pem("PRIVATE KEY", pair.getPrivate().getEncoded()).text());
    var address = List.of(InetAddress.getLoopbackAddress());
    var _ = PeerIdentity.issue(ReplicationKey.read(directory), "train", address, Instant.now());
  }

  private static void call(Channel channel, Path directory) {
    var identity = IdentityGrpc.newBlockingStub(channel);
    var wal = WALGrpc.newBlockingStub(channel);
    for (var round = 0; round < ROUNDS; round++) {
      var _ = identity.probe(ProbeRequest.getDefaultInstance());
      var _ = identity.getPluginMetadata(GetPluginMetadataRequest.getDefaultInstance());
      var _ = identity.getPluginCapabilities(GetPluginCapabilitiesRequest.getDefaultInstance());
      var _ = wal.getCapabilities(WALCapabilitiesRequest.getDefaultInstance());
    }
    var cluster = ByteString.copyFromUtf8(CLUSTER);
    refused(
        () ->
            wal.archive(
                WALArchiveRequest.newBuilder()
                    .setClusterDefinition(cluster)
                    .setSourceFileName(directory.resolve("pgdata").resolve(SEGMENT).toString())
                    .build()));
    refused(
        () ->
            wal.restore(
                WALRestoreRequest.newBuilder()
                    .setClusterDefinition(cluster)
                    .setSourceWalName(SEGMENT)
                    .setDestinationFileName(directory.resolve("fetched").toString())
                    .build()));
  }

  /// There is no PostgreSQL and no archive: a refusal is what is to be expected. Anything else is a
  /// jar that lacks something, and no image should be made of it.
  private static void refused(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException refusal) {
      if (refusal.getStatus().getCode() == Status.Code.INTERNAL) {
        throw refusal;
      }
    }
  }
}
