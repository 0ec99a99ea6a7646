package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.cnpgi.log.Log;
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
import com.dalibo.pgbackrest.sidecar.backup.BackupStatistics;
import com.dalibo.pgbackrest.sidecar.backup.BaseBackups;
import com.dalibo.pgbackrest.sidecar.backup.DeletionWatch;
import com.dalibo.pgbackrest.sidecar.backup.RunningBackupMarkers;
import com.dalibo.pgbackrest.sidecar.backup.RunningBackups;
import com.dalibo.pgbackrest.sidecar.failure.BackupDeletedException;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.ObjectReference;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// Takes the base backups that CNPG asks for.
final class BackupService extends BackupGrpc.BackupImplBase implements AutoCloseable {
  private static final Duration NO_LIMIT = Duration.ofDays(365);
  private static final Log log = Log.named("backup");

  private final UnaryCall unary = new UnaryCall(GrpcStatus::status);
  private final RunningBackups<BackupResult> running = new RunningBackups<>();
  private final BaseBackups baseBackups;
  private final DeletionWatch watch;
  private final BackupStatistics record;
  private final RunningBackupMarkers marks;
  private final Events events;
  private final Housekeeping housekeeping;

  BackupService(
      BaseBackups baseBackups,
      DeletionWatch watch,
      BackupStatistics record,
      RunningBackupMarkers marks,
      Events events,
      Housekeeping housekeeping) {
    this.baseBackups = baseBackups;
    this.watch = watch;
    this.record = record;
    this.marks = marks;
    this.events = events;
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
    var objects =
        new RunningBackupMarkers.Marked(
            ObjectReference.of(cluster, backup), ObjectReference.of(cluster));
    try (var _ = marks.set(objects)) {
      var result = take(cluster, backup, parameters);
      events.normal(
          ObjectReference.of(cluster, backup),
          Reason.BACKUP_COMPLETED,
          "backup '%s' can be restored: it is in the repository with all WAL it needs"
              .formatted(result.getBackupId()));
      return result;
    } catch (InterruptedException stopped) {
      throw stopped;
    } catch (BackupDeletedException deletion) {
      var words = FailureWords.of(deletion);
      log.info("backup stopped", "backup", backup.name(), "cause", words);
      events.normal(ObjectReference.of(cluster, backup), Reason.BACKUP_STOPPED, words);
      events.normal(cluster, Reason.BACKUP_STOPPED, words);
      throw deletion;
    } catch (Exception failure) {
      record.failed(Instant.now());
      var words = FailureWords.of(failure);
      log.warning("backup failed", "backup", backup.name(), "cause", words);
      events.warning(ObjectReference.of(cluster, backup), Reason.BACKUP_FAILED, words);
      events.warning(
          cluster, Reason.BACKUP_FAILED, "backup '%s': %s".formatted(backup.name(), words));
      throw failure;
    } finally {
      housekeeping.backupEnded();
    }
  }

  private BackupResult take(Cluster cluster, Backup backup, BackupParameters parameters)
      throws Exception {
    var limit = parameters.timeout().orElse(NO_LIMIT);
    try {
      return watched(cluster, backup, parameters, limit);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception exception ? exception : failed;
    } catch (TimeoutException late) {
      var timeout =
          new TimeoutException(
              ("backup '%s' of cluster '%s' was stopped after %d s, the 'timeout' it was given;"
                      + " give it more, or make it smaller with backupType incr or diff")
                  .formatted(backup.name(), cluster.name(), limit.toSeconds()));
      timeout.initCause(late);
      throw timeout;
    }
  }

  private BackupResult watched(
      Cluster cluster, Backup backup, BackupParameters parameters, Duration limit)
      throws ExecutionException, TimeoutException, InterruptedException {
    try (var _ = watch.watch(cluster, backup, deletion -> running.fail(backup.uid(), deletion))) {
      return running.result(
          backup.uid(), limit, () -> baseBackups.take(cluster, backup, parameters));
    }
  }

  /// Stops the backups under way, and pgBackRest with them.
  @Override
  public void close() {
    running.close();
  }
}
