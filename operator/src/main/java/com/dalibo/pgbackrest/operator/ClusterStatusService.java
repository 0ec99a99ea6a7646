package com.dalibo.pgbackrest.operator;

import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.cnpgi.proto.operator.OperatorCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.operator.OperatorCapabilitiesResult;
import com.dalibo.pgbackrest.cnpgi.proto.operator.OperatorCapability;
import com.dalibo.pgbackrest.cnpgi.proto.operator.OperatorGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.operator.SetStatusInClusterRequest;
import com.dalibo.pgbackrest.cnpgi.proto.operator.SetStatusInClusterResponse;
import com.dalibo.pgbackrest.operator.status.ClusterStatusAnswers;
import com.dalibo.pgbackrest.operator.status.ClusterStatusText;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;

/// Answers what `kubectl cnpg status` shows of the plugin, from memory. Never an error: one would
/// keep the Cluster from becoming healthy.
final class ClusterStatusService extends OperatorGrpc.OperatorImplBase {

  private static final Log LOG = Log.of(ClusterStatusService.class);

  private final UnaryCall unary;
  private final ClusterStatusText text;
  private final ClusterStatusAnswers answers;

  ClusterStatusService(UnaryCall unary, ClusterStatusText text, ClusterStatusAnswers answers) {
    this.unary = unary;
    this.text = text;
    this.answers = answers;
  }

  @Override
  public void getCapabilities(
      OperatorCapabilitiesRequest request, StreamObserver<OperatorCapabilitiesResult> response) {
    unary.answer(
        response,
        () ->
            OperatorCapabilitiesResult.newBuilder()
                .addCapabilities(
                    OperatorCapability.newBuilder()
                        .setRpc(
                            OperatorCapability.RPC
                                .newBuilder()
                                .setType(OperatorCapability.RPC.Type.TYPE_SET_STATUS_IN_CLUSTER)))
                .build());
  }

  @Override
  public void setStatusInCluster(
      SetStatusInClusterRequest request, StreamObserver<SetStatusInClusterResponse> response) {
    unary.answer(response, () -> status(request.getCluster()));
  }

  private SetStatusInClusterResponse status(ByteString definition) {
    var response = SetStatusInClusterResponse.newBuilder();
    try {
      var cluster = Cluster.parse(definition);
      text.of(cluster)
          .flatMap(words -> answers.answer(cluster, words))
          .ifPresent(words -> response.setJsonStatus(ByteString.copyFromUtf8(words)));
    } catch (InvalidStanzaException | RuntimeException problem) {
      LOG.debug("no status is given", "reason", problem.getMessage());
    }
    return response.build();
  }
}
