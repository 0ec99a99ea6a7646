package com.dalibo.pgbackrest.operator;

import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.cnpgi.proto.reconciler.ReconcilerHooksCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.reconciler.ReconcilerHooksCapabilitiesResult;
import com.dalibo.pgbackrest.cnpgi.proto.reconciler.ReconcilerHooksCapability;
import com.dalibo.pgbackrest.cnpgi.proto.reconciler.ReconcilerHooksGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.reconciler.ReconcilerHooksRequest;
import com.dalibo.pgbackrest.cnpgi.proto.reconciler.ReconcilerHooksResult;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.operator.permissions.RoleGrants;
import com.dalibo.pgbackrest.operator.permissions.SidecarPermissions;
import com.dalibo.pgbackrest.operator.permissions.TakenNameException;
import com.dalibo.pgbackrest.operator.status.ClusterEvents;
import com.dalibo.pgbackrest.operator.status.ClusterProblems;
import com.dalibo.pgbackrest.operator.status.ClusterStatusText;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.reason.ClusterReason;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sees to it that the sidecars of a Cluster have their rights before the first pod starts.
///
/// Once a Cluster has a primary, CNPG is never held up: what it does next may be a failover.
final class ReconcilerHooksService extends ReconcilerHooksGrpc.ReconcilerHooksImplBase {

  private static final Log LOG = Log.of(ReconcilerHooksService.class);
  private static final int RETRY_SECONDS = 5;

  /// A new Cluster waits for its permissions; CNPG, which waits for few answers at a time, does
  /// not.
  private static final Duration ANSWER_WITHIN = Duration.ofMillis(80);

  /// Soon enough for a status that follows within a minute.
  private static final int STATUS_SECONDS = 45;

  private final UnaryCall unary;
  private final Inventory inventory;
  private final RoleGrants rights;
  private final ClusterProblems problems;
  private final ClusterEvents events;
  private final ClusterStatusText status;
  private final Executor executor;
  private final Map<ObjectKey, CompletableFuture<Boolean>> running = new ConcurrentHashMap<>();

  ReconcilerHooksService(
      UnaryCall unary,
      Inventory inventory,
      RoleGrants rights,
      ClusterProblems problems,
      ClusterEvents events,
      ClusterStatusText status,
      Executor executor) {
    this.unary = unary;
    this.inventory = inventory;
    this.rights = rights;
    this.problems = problems;
    this.events = events;
    this.status = status;
    this.executor = executor;
  }

  @Override
  public void getCapabilities(
      ReconcilerHooksCapabilitiesRequest request,
      StreamObserver<ReconcilerHooksCapabilitiesResult> response) {
    unary.answer(
        response,
        () ->
            ReconcilerHooksCapabilitiesResult.newBuilder()
                .addReconcilerCapabilities(
                    ReconcilerHooksCapability.newBuilder()
                        .setKind(ReconcilerHooksCapability.Kind.KIND_CLUSTER))
                .build());
  }

  @Override
  public void pre(ReconcilerHooksRequest request, StreamObserver<ReconcilerHooksResult> response) {
    unary.answer(response, () -> pre(Cluster.parse(request.getClusterDefinition())));
  }

  @Override
  public void post(ReconcilerHooksRequest request, StreamObserver<ReconcilerHooksResult> response) {
    unary.answer(response, () -> post(Cluster.parse(request.getClusterDefinition())));
  }

  // CNPG asks for our status at the end of a reconciliation, and an idle Cluster has none. Where
  // CNPG keeps the text (it does since 1.30.1), it is asked to come again before the text is old.
  // It
  // then asks for no status in this reconciliation, and skips the plugins after this one: so only
  // while there is nothing new, and no other plugin.
  private ReconcilerHooksResult post(Cluster cluster) {
    return status.isCurrent(cluster) && !cluster.hasOtherPlugins()
        ? comeBack(STATUS_SECONDS)
        : goOn();
  }

  private ReconcilerHooksResult pre(Cluster cluster)
      throws InterruptedException, ExecutionException {
    if (!inventory.isComplete()) {
      return cluster.currentPrimary().isPresent() ? goOn() : comeBack(RETRY_SECONDS);
    }
    warn(cluster);
    var references = StanzaReferences.of(cluster).valid();
    if (references.isEmpty()) {
      return goOn();
    }
    var access = SidecarPermissions.of(cluster, references, inventory);
    if (rights.isGranted(access)) {
      return goOn();
    }
    var granting = granting(cluster, access);
    if (cluster.currentPrimary().isPresent()) {
      return goOn();
    }
    try {
      return granting.get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
          ? goOn()
          : comeBack(RETRY_SECONDS);
    } catch (TimeoutException _) {
      return comeBack(1);
    }
  }

  /// What cannot be judged holds no Cluster up: an error here would end the reconciliation, and a
  /// failover with it.
  private void warn(Cluster cluster) {
    try {
      events.warn(cluster, problems.of(cluster));
    } catch (RuntimeException e) {
      LOG.error(
          "what is wrong with a Cluster could not be determined",
          e,
          "cluster",
          cluster.namespace() + "/" + cluster.name());
    }
  }

  /// One at a time for each Cluster: a slow API server is not asked again before it has answered.
  private CompletableFuture<Boolean> granting(Cluster cluster, SidecarPermissions access) {
    var key = access.cluster();
    var granting =
        running.computeIfAbsent(
            key, _ -> CompletableFuture.supplyAsync(() -> grant(cluster, access), executor));
    var _ =
        granting.whenComplete(
            (_, failure) -> {
              running.remove(key, granting);
              if (failure != null) {
                LOG.error(
                    "the permissions of the sidecars were not granted", failure, "cluster", key);
              }
            });
    return granting;
  }

  private boolean grant(Cluster cluster, SidecarPermissions access) {
    try {
      rights.grant(access);
      return true;
    } catch (TakenNameException e) {
      events.warn(cluster, List.of(new Problem(ClusterReason.NAME_TAKEN, e.words())));
      return false;
    } catch (KubernetesClientException e) {
      LOG.error("the permissions of the sidecars were not granted", e, "cluster", access.cluster());
      events.warn(
          cluster,
          List.of(
              new Problem(
                  ClusterReason.RIGHTS_NOT_GRANTED,
                  "the role '%s' could not be applied: %s; check the permissions of the plugin's operator"
                      .formatted(access.role().getMetadata().getName(), e.getMessage()))));
      return false;
    }
  }

  private static ReconcilerHooksResult goOn() {
    return ReconcilerHooksResult.newBuilder()
        .setBehavior(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE)
        .build();
  }

  private static ReconcilerHooksResult comeBack(int seconds) {
    return ReconcilerHooksResult.newBuilder()
        .setBehavior(ReconcilerHooksResult.Behavior.BEHAVIOR_REQUEUE)
        .setRequeueAfter(seconds)
        .build();
  }
}
