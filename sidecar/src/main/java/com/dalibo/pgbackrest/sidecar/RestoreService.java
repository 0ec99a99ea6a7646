package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.cnpgi.proto.restore.RestoreJobHooksCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.restore.RestoreJobHooksCapabilitiesResult;
import com.dalibo.pgbackrest.cnpgi.proto.restore.RestoreJobHooksCapability;
import com.dalibo.pgbackrest.cnpgi.proto.restore.RestoreJobHooksGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.restore.RestoreRequest;
import com.dalibo.pgbackrest.cnpgi.proto.restore.RestoreResponse;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.failure.TargetUnreachableException;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.ownership.EmptyArchiveCheck;
import com.dalibo.pgbackrest.sidecar.restore.Restoration;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Makes the data directory of a new cluster for CNPG, which then starts PostgreSQL on it.
final class RestoreService extends RestoreJobHooksGrpc.RestoreJobHooksImplBase {
  private static final Log log = Log.named("restore");

  private final UnaryCall unary = new UnaryCall(GrpcStatus::status);
  private final ReentrantLock oneAtATime = new ReentrantLock();
  private final Supplier<Restoration> restorations;
  private final Events events;

  /// @param restorations makes what restores when it is asked for: most sidecars never are
  RestoreService(Supplier<Restoration> restorations, Events events) {
    this.restorations = restorations;
    this.events = events;
  }

  @Override
  public void getCapabilities(
      RestoreJobHooksCapabilitiesRequest request,
      StreamObserver<RestoreJobHooksCapabilitiesResult> response) {
    var restore =
        RestoreJobHooksCapability.newBuilder()
            .setKind(RestoreJobHooksCapability.Kind.KIND_RESTORE)
            .build();
    unary.answer(
        response,
        () -> RestoreJobHooksCapabilitiesResult.newBuilder().addCapabilities(restore).build());
  }

  @Override
  public void restore(RestoreRequest request, StreamObserver<RestoreResponse> response) {
    unary.answer(
        response,
        () ->
            restore(
                Cluster.parse(request.getClusterDefinition()),
                request.hasCheckEmptyWalArchive()
                    ? EmptyArchiveCheck.of(request.getCheckEmptyWalArchive())
                    : EmptyArchiveCheck.UNSPECIFIED));
  }

  private static Reason reason(Exception failure) {
    return failure instanceof TargetUnreachableException
        ? RestoreReason.RECOVERY_TARGET_UNREACHABLE
        : RestoreReason.RESTORE_FAILED;
  }

  private RestoreResponse restore(Cluster cluster, EmptyArchiveCheck check) throws Exception {
    // The container that asked before may be gone, and what it asked for is about to end.
    oneAtATime.lockInterruptibly();
    try {
      var configuration = restorations.get().restore(cluster, check);
      return RestoreResponse.newBuilder().setRestoreConfig(configuration.render()).build();
    } catch (InterruptedException stopped) {
      throw stopped;
    } catch (Exception failure) {
      var words = FailureWords.of(failure);
      log.warning("restore failed", "cluster", cluster.name(), "cause", words);
      // CNPG tries again and says nothing on the Cluster, however often this fails.
      events.warning(cluster, reason(failure), words);
      throw failure;
    } finally {
      oneAtATime.unlock();
    }
  }
}
