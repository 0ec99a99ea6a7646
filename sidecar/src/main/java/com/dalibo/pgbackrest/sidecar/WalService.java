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
import com.dalibo.pgbackrest.sidecar.ownership.EmptyArchiveCheck;
import com.dalibo.pgbackrest.sidecar.walarchive.WalArchiver;
import com.dalibo.pgbackrest.sidecar.walrestore.WalRestorer;
import com.dalibo.pgbackrest.sidecar.walretry.RestoreMode;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;

/// WAL of CNPG-I: one file into the archive, or out of it. PostgreSQL archives what it wrote and
/// asks for what it needs, one file at a time.
final class WalService extends WALGrpc.WALImplBase {

  private static final WALCapabilitiesResult CAPABILITIES =
      capabilities(
          List.of(
              WALCapability.RPC.Type.TYPE_ARCHIVE_WAL, WALCapability.RPC.Type.TYPE_RESTORE_WAL));

  private final UnaryCall unary = new UnaryCall(GrpcStatus::status);
  private final WalArchiver archiver;
  private final WalRestorer restorer;

  WalService(WalArchiver archiver, WalRestorer restorer) {
    this.archiver = archiver;
    this.restorer = restorer;
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
                  ? EmptyArchiveCheck.of(request.getCheckEmptyWalArchive())
                  : EmptyArchiveCheck.UNSPECIFIED);
          return WALArchiveResult.getDefaultInstance();
        });
  }

  @Override
  public void restore(WALRestoreRequest request, StreamObserver<WALRestoreResult> response) {
    unary.answer(
        response,
        () -> {
          restorer.fetch(
              Cluster.parse(request.getClusterDefinition()),
              request.getSourceWalName(),
              Path.of(request.getDestinationFileName()),
              mode(request.getMode()));
          return WALRestoreResult.getDefaultInstance();
        });
  }

  private static RestoreMode mode(WALRestoreRequest.Mode mode) {
    return mode == WALRestoreRequest.Mode.MODE_REWIND ? RestoreMode.REWIND : RestoreMode.RECOVERY;
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
