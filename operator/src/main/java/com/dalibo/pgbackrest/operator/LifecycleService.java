package com.dalibo.pgbackrest.operator;

import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.cnpgi.proto.lifecycle.OperatorLifecycleCapabilities;
import com.dalibo.pgbackrest.cnpgi.proto.lifecycle.OperatorLifecycleCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.lifecycle.OperatorLifecycleCapabilitiesResponse;
import com.dalibo.pgbackrest.cnpgi.proto.lifecycle.OperatorLifecycleGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.lifecycle.OperatorLifecycleRequest;
import com.dalibo.pgbackrest.cnpgi.proto.lifecycle.OperatorLifecycleResponse;
import com.dalibo.pgbackrest.cnpgi.proto.lifecycle.OperatorOperationType;
import com.dalibo.pgbackrest.operator.injection.Injection;
import com.dalibo.pgbackrest.operator.injection.JsonPatch;
import com.dalibo.pgbackrest.operator.injection.PodMutation;
import com.dalibo.pgbackrest.operator.injection.SidecarResolver;
import com.dalibo.pgbackrest.operator.injection.Workload;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import java.io.IOException;

/// Answers what CNPG has to change in a Pod or Job before it creates it.
public final class LifecycleService extends OperatorLifecycleGrpc.OperatorLifecycleImplBase {

  private static final Log LOG = Log.of(LifecycleService.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final UnaryCall unary;
  private final SidecarResolver sidecars;

  public LifecycleService(UnaryCall unary, SidecarResolver sidecars) {
    this.unary = unary;
    this.sidecars = sidecars;
  }

  @Override
  public void getCapabilities(
      OperatorLifecycleCapabilitiesRequest request,
      StreamObserver<OperatorLifecycleCapabilitiesResponse> response) {
    unary.answer(
        response,
        () ->
            OperatorLifecycleCapabilitiesResponse.newBuilder()
                .addLifecycleCapabilities(
                    capability(
                        "",
                        "Pod",
                        OperatorOperationType.Type.TYPE_CREATE,
                        OperatorOperationType.Type.TYPE_EVALUATE))
                .addLifecycleCapabilities(
                    capability("batch", "Job", OperatorOperationType.Type.TYPE_CREATE))
                .build());
  }

  @Override
  public void lifecycleHook(
      OperatorLifecycleRequest request, StreamObserver<OperatorLifecycleResponse> response) {
    unary.answer(
        response,
        () ->
            OperatorLifecycleResponse.newBuilder()
                .setJsonPatch(patch(request.getClusterDefinition(), request.getObjectDefinition()))
                .build());
  }

  public ByteString patch(ByteString clusterDefinition, ByteString objectDefinition)
      throws InvalidStanzaException {
    var cluster = Cluster.parse(clusterDefinition);
    var workload = Workload.of(document(objectDefinition));
    return switch (Injection.of(cluster, workload)) {
      case Injection.Leave leave -> {
        LOG.debug("left an object unchanged", "cluster", cluster.name(), "cause", leave.reason());
        yield ByteString.EMPTY;
      }
      case Injection.Inject inject -> {
        var after = workload.document().deepCopy();
        new PodMutation(sidecars.of(cluster, inject, workload))
            .apply(workload.podSpec(after), inject.container());
        yield JsonPatch.between(workload.document(), after);
      }
    };
  }

  private static ObjectNode document(ByteString json) {
    try {
      if (JSON.readTree(json.toByteArray()) instanceof ObjectNode document) {
        return document;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("the object to change is not JSON: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("the object to change is not a JSON object");
  }

  private static OperatorLifecycleCapabilities capability(
      String group, String kind, OperatorOperationType.Type... operations) {
    var capability = OperatorLifecycleCapabilities.newBuilder().setGroup(group).setKind(kind);
    for (var operation : operations) {
      capability.addOperationTypes(OperatorOperationType.newBuilder().setType(operation));
    }
    return capability.build();
  }
}
