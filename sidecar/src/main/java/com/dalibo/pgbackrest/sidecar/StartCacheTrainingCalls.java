package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.PluginChannel;
import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupRequest;
import com.dalibo.pgbackrest.cnpgi.proto.identity.GetPluginCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.identity.GetPluginMetadataRequest;
import com.dalibo.pgbackrest.cnpgi.proto.identity.IdentityGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.identity.ProbeRequest;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.CollectMetricsRequest;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.DefineMetricsRequest;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.MetricsCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.MetricsGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALArchiveRequest;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALRestoreRequest;
import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// What CNPG asks of a sidecar, asked of the one in [StartCacheTraining].
final class StartCacheTrainingCalls {
  private static final int ROUNDS = 100;
  private static final String SEGMENT = "000000010000000000000001";
  private static final ByteString CLUSTER =
      ByteString.copyFromUtf8(
          """
          {"metadata": {"name": "train", "namespace": "default", "uid": "1"},
           "spec": {
             "plugins": [{"name": "pgbackrest.dalibo.com", "isWALArchiver": true, "parameters": {"stanzaRef": "train"}}],
             "bootstrap": {"recovery": {"source": "origin"}},
             "externalClusters": [{"name": "origin",
               "plugin": {"name": "pgbackrest.dalibo.com", "parameters": {"stanzaRef": "train"}}}]}}
          """);

  /// The same, once it has an instance: before, nothing is archived.
  private static final ByteString RUNNING_CLUSTER =
      ByteString.copyFromUtf8(
          CLUSTER
              .toStringUtf8()
              .strip()
              .replaceFirst("}$", ", \"status\": {\"currentPrimary\": \"train-1\"}}"));

  private StartCacheTrainingCalls() {}

  /// Gets the socket and the directory of the training.
  static void main(String... arguments) throws InterruptedException {
    var channel = PluginChannel.onUnixSocket(Path.of(arguments[0]));
    try {
      call(channel, Path.of(arguments[1]));
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  private static void call(Channel channel, Path directory) {
    var identity = IdentityGrpc.newBlockingStub(channel);
    var wal = WALGrpc.newBlockingStub(channel);
    var backup = BackupGrpc.newBlockingStub(channel);
    var metrics = MetricsGrpc.newBlockingStub(channel);
    for (var round = 0; round < ROUNDS; round++) {
      var _ = identity.probe(ProbeRequest.getDefaultInstance());
      var _ = identity.getPluginMetadata(GetPluginMetadataRequest.getDefaultInstance());
      var _ = identity.getPluginCapabilities(GetPluginCapabilitiesRequest.getDefaultInstance());
      var _ = wal.getCapabilities(WALCapabilitiesRequest.getDefaultInstance());
      var _ = backup.getCapabilities(BackupCapabilitiesRequest.getDefaultInstance());
      var _ = metrics.getCapabilities(MetricsCapabilitiesRequest.getDefaultInstance());
      var _ =
          metrics.define(DefineMetricsRequest.newBuilder().setClusterDefinition(CLUSTER).build());
      var _ =
          metrics.collect(CollectMetricsRequest.newBuilder().setClusterDefinition(CLUSTER).build());
    }
    refused(
        () ->
            wal.archive(
                WALArchiveRequest.newBuilder()
                    .setClusterDefinition(RUNNING_CLUSTER)
                    .setSourceFileName(directory.resolve("pgdata").resolve(SEGMENT).toString())
                    .build()));
    refused(
        () ->
            wal.restore(
                WALRestoreRequest.newBuilder()
                    .setClusterDefinition(CLUSTER)
                    .setSourceWalName(SEGMENT)
                    .setDestinationFileName(directory.resolve("fetched").toString())
                    .build()));
    refused(() -> backup.backup(BackupRequest.newBuilder().setClusterDefinition(CLUSTER).build()));
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
