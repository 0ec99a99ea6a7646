package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.cnpgi.object.Backup;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.cnpgi.object.PluginEntry;
import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupCapabilitiesResult;
import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupCapability;
import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupRequest;
import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.sidecar.backup.BackupParameters;
import com.dalibo.pgbackrest.sidecar.backup.BackupRequests;
import com.dalibo.pgbackrest.sidecar.backup.CompletedBackup;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes the base backups that CNPG asks for.
final class BackupService extends BackupGrpc.BackupImplBase {
  private final UnaryCall unary = new UnaryCall(GrpcStatus::status);
  private final BackupRequests requests;
  private final Housekeeping housekeeping;

  BackupService(BackupRequests requests, Housekeeping housekeeping) {
    this.requests = requests;
    this.housekeeping = housekeeping;
  }

  @Override
  public void getCapabilities(
      BackupCapabilitiesRequest request, StreamObserver<BackupCapabilitiesResult> response) {
    var backup =
        BackupCapability.newBuilder()
            .setRpc(
                BackupCapability.RPC.newBuilder().setType(BackupCapability.RPC.Type.TYPE_BACKUP))
            .build();
    unary.answer(
        response, () -> BackupCapabilitiesResult.newBuilder().addCapabilities(backup).build());
  }

  @Override
  public void backup(BackupRequest request, StreamObserver<BackupResult> response) {
    unary.answer(
        response,
        () -> {
          var cluster = Cluster.parse(request.getClusterDefinition());
          return backup(
              cluster,
              Backup.parse(request.getBackupDefinition()),
              BackupParameters.of(
                  request.getParametersMap(),
                  cluster.plugin().map(PluginEntry::parameters).orElse(Map.of())));
        });
  }

  private BackupResult backup(Cluster cluster, Backup backup, BackupParameters parameters)
      throws Exception {
    housekeeping.backupStarted();
    try {
      return result(requests.run(cluster, backup, parameters));
    } finally {
      housekeeping.backupEnded();
    }
  }

  private static BackupResult result(CompletedBackup completed) {
    var backup = completed.backup();
    return BackupResult.newBuilder()
        .setBackupId(backup.label())
        .setBackupName(backup.label())
        .setStartedAt(backup.timestampStart().getEpochSecond())
        .setStoppedAt(backup.timestampStop().getEpochSecond())
        .setBeginWal(text(backup.archiveStart()))
        .setEndWal(text(backup.archiveStop()))
        .setBeginLsn(text(backup.lsnStart()))
        .setEndLsn(text(backup.lsnStop()))
        .setInstanceId(completed.instance())
        .setOnline(true)
        .putAllMetadata(completed.metadata())
        .build();
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }
}
