package com.dalibo.pgbackrest.operator;

import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.cnpgi.proto.reconciler.ReconcilerHooksRequest;
import com.dalibo.pgbackrest.cnpgi.proto.reconciler.ReconcilerHooksResult;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.permissions.OwnedObjects;
import com.dalibo.pgbackrest.operator.permissions.RoleGrants;
import com.dalibo.pgbackrest.operator.status.ClusterEvents;
import com.dalibo.pgbackrest.operator.status.ClusterProblems;
import com.dalibo.pgbackrest.operator.status.ClusterStatusText;
import com.dalibo.pgbackrest.operator.status.Validation;
import com.dalibo.pgbackrest.stanza.rendering.StanzaValidation;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import com.google.protobuf.ByteString;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/// CNPG, which calls the hooks of the operator, and the events that they leave.
final class ReconcilerHooks implements AutoCloseable {

  private static final TestCertificates CERTIFICATES = TestCertificates.create();

  final TestClock clock = new TestClock(Instant.parse("2026-11-01T00:00:00Z"));
  final KubernetesClient client;

  private final KubernetesApiServer api;

  ReconcilerHooks() {
    api = KubernetesApiServer.start(CERTIFICATES);
    client = new KubernetesClientBuilder().withConfig(ApiServerConnection.to(api)).build();
  }

  @Override
  public void close() {
    client.close();
    api.close();
  }

  ReconcilerHooksResult pre(ByteString cluster, Inventory inventory) {
    return pre(service(inventory), cluster);
  }

  static ReconcilerHooksResult pre(ReconcilerHooksService service, ByteString cluster) {
    var answers = new Answers();
    service.pre(ReconcilerHooksRequest.newBuilder().setClusterDefinition(cluster).build(), answers);
    return answers.values.getFirst();
  }

  static ReconcilerHooksResult post(ReconcilerHooksService service, ByteString cluster) {
    var answers = new Answers();
    service.post(
        ReconcilerHooksRequest.newBuilder().setClusterDefinition(cluster).build(), answers);
    return answers.values.getFirst();
  }

  List<Event> events() {
    return client.v1().events().inNamespace("default").list().getItems();
  }

  ReconcilerHooksService service(Inventory inventory) {
    return service(inventory, Runnable::run);
  }

  ReconcilerHooksService service(Inventory inventory, Executor executor) {
    return service(inventory, executor, StanzaValidation::problems);
  }

  ReconcilerHooksService service(Inventory inventory, Executor executor, Validation validation) {
    return new ReconcilerHooksService(
        new UnaryCall(GrpcStatus::status),
        inventory,
        new RoleGrants(new OwnedObjects(client)::apply, clock),
        new ClusterProblems(inventory, validation, clock),
        new ClusterEvents(client, clock, Runnable::run),
        new ClusterStatusText(inventory),
        executor);
  }

  /// Keeps what a call is answered.
  private static final class Answers implements StreamObserver<ReconcilerHooksResult> {
    private final List<ReconcilerHooksResult> values = new ArrayList<>();

    @Override
    public void onNext(ReconcilerHooksResult value) {
      values.add(value);
    }

    @Override
    public void onError(Throwable failure) {
      throw new IllegalStateException(failure);
    }

    @Override
    public void onCompleted() {}
  }
}
