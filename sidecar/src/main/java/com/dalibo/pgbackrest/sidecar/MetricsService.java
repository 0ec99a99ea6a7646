package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.CollectMetric;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.CollectMetricsRequest;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.CollectMetricsResult;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.DefineMetricsRequest;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.DefineMetricsResult;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.Metric;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.MetricType;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.MetricsCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.MetricsCapabilitiesResult;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.MetricsCapability;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.MetricsGrpc;
import com.dalibo.pgbackrest.sidecar.metrics.MetricsState;
import com.dalibo.pgbackrest.sidecar.metrics.PrometheusMetric;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/// Answers every scrape from memory: a call here holds up all metrics of the instance.
final class MetricsService extends MetricsGrpc.MetricsImplBase {
  private final UnaryCall unary = new UnaryCall(GrpcStatus::status);
  private final Supplier<MetricsState> state;

  /// Answers with what the state is at each scrape; asking for it must not take long.
  MetricsService(Supplier<MetricsState> state) {
    this.state = state;
  }

  @Override
  public void getCapabilities(
      MetricsCapabilitiesRequest request, StreamObserver<MetricsCapabilitiesResult> response) {
    var metrics =
        MetricsCapability.newBuilder()
            .setRpc(
                MetricsCapability.RPC.newBuilder().setType(MetricsCapability.RPC.Type.TYPE_METRICS))
            .build();
    unary.answer(
        response, () -> MetricsCapabilitiesResult.newBuilder().addCapabilities(metrics).build());
  }

  @Override
  public void define(DefineMetricsRequest request, StreamObserver<DefineMetricsResult> response) {
    unary.answer(response, MetricsService::definitions);
  }

  @Override
  public void collect(
      CollectMetricsRequest request, StreamObserver<CollectMetricsResult> response) {
    unary.answer(response, () -> samples(state.get()));
  }

  static DefineMetricsResult definitions() {
    var result = DefineMetricsResult.newBuilder();
    for (var metric : PrometheusMetric.all()) {
      result.addMetrics(
          Metric.newBuilder()
              .setFqName(metric.fullName())
              .setHelp(metric.help())
              .addAllVariableLabels(metric.labels())
              .setValueType(MetricType.newBuilder().setType(type(metric.type()))));
    }
    return result.build();
  }

  private static MetricType.Type type(PrometheusMetric.Type type) {
    return switch (type) {
      case GAUGE -> MetricType.Type.TYPE_GAUGE;
      case COUNTER -> MetricType.Type.TYPE_COUNTER;
    };
  }

  static CollectMetricsResult samples(MetricsState state) {
    var result = CollectMetricsResult.newBuilder();
    for (var metric : PrometheusMetric.all()) {
      for (var sample : metric.samples(state)) {
        result.addMetrics(
            CollectMetric.newBuilder()
                .setFqName(metric.fullName())
                .setValue(sample.value())
                .addAllVariableLabels(sample.labels()));
      }
    }
    return result.build();
  }
}
