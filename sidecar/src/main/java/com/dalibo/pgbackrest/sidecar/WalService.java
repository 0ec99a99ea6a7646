package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALArchiveRequest;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALArchiveResult;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALCapabilitiesResult;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALCapability;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALRestoreRequest;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALRestoreResult;
import com.dalibo.pgbackrest.sidecar.walarchive.WalArchiver;
import com.dalibo.pgbackrest.sidecar.walrestore.WalRestorer;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// WAL of CNPG-I: one file into the archive, or out of it. PostgreSQL archives what it wrote and
/// asks for what it needs, one file at a time.
final class WalService extends WALGrpc.WALImplBase {

  private static final WALCapabilitiesResult CAPABILITIES =
      capabilities(
          List.of(
              WALCapability.RPC.Type.TYPE_ARCHIVE_WAL, WALCapability.RPC.Type.TYPE_RESTORE_WAL));

  private final UnaryCall unary = new UnaryCall(GrpcStatus::status);
  private final WalArchiver archiver;
  private final WalRestorer fetcher;

  WalService(WalArchiver archiver, WalRestorer fetcher) {
    this.archiver = archiver;
    this.fetcher = fetcher;
  }

  @Override
  public void getCapabilities(
      WALCapabilitiesRequest request, StreamObserver<WALCapabilitiesResult> response) {
    unary.answer(response, () -> CAPABILITIES);
  }

  @Override
  public void archive(WALArchiveRequest request, StreamObserver<WALArchiveResult> response) {
    unary.answer(
        response,
        () -> {
          archiver.archive(
              Cluster.parse(request.getClusterDefinition()),
              Path.of(request.getSourceFileName()),
              request.hasCheckEmptyWalArchive()
                  ? Optional.of(request.getCheckEmptyWalArchive())
                  : Optional.empty());
          return WALArchiveResult.getDefaultInstance();
        });
  }

  @Override
  public void restore(WALRestoreRequest request, StreamObserver<WALRestoreResult> response) {
    unary.answer(
        response,
        () -> {
          fetcher.fetch(
              Cluster.parse(request.getClusterDefinition()),
              request.getSourceWalName(),
              Path.of(request.getDestinationFileName()),
              request.getMode());
          return WALRestoreResult.getDefaultInstance();
        });
  }

  private static WALCapabilitiesResult capabilities(List<WALCapability.RPC.Type> types) {
    var result = WALCapabilitiesResult.newBuilder();
    for (var type : types) {
      result.addCapabilities(
          WALCapability.newBuilder().setRpc(WALCapability.RPC.newBuilder().setType(type)));
    }
    return result.build();
  }
}
