package com.dalibo.pgbackrest.operator.tls;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/// Says how long each call took. CNPG waits for all of them, so a slow one is worth a warning.
final class CallDurations implements ServerInterceptor {

  private static final long SLOW_MILLIS = 100;
  private static final Log LOG = Log.of(CallDurations.class);

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    var started = System.nanoTime();
    return next.startCall(
        new SimpleForwardingServerCall<Q, R>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            super.close(status, trailers);
            ended(call.getMethodDescriptor().getFullMethodName(), status, started);
          }
        },
        headers);
  }

  private static void ended(String method, Status status, long started) {
    var millis = (System.nanoTime() - started) / 1e6;
    if (millis > SLOW_MILLIS) {
      LOG.warning("answered slowly", "method", method, "status", status.getCode(), "ms", millis);
      return;
    }
    LOG.debug("answered", "method", method, "status", status.getCode(), "ms", millis);
  }
}
