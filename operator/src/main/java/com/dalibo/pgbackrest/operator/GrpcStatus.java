package com.dalibo.pgbackrest.operator;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.admission.ContainerRefusedException;
import com.dalibo.pgbackrest.operator.inventory.MissingObjectException;
import com.dalibo.pgbackrest.operator.inventory.NotReadyException;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.grpc.Status;

/// The one place that turns what went wrong into a gRPC status.
public final class GrpcStatus {

  private static final Log LOG = Log.of(GrpcStatus.class);

  private GrpcStatus() {}

  public static Status status(Throwable failure) {
    LOG.warning("a call failed", "cause", failure.getMessage());
    return switch (failure) {
      // Something is not there yet that will be; the next call may succeed.
      case NotReadyException e -> describe(Status.UNAVAILABLE, e);
      // The user has to change something first.
      case InvalidStanzaException e -> describe(Status.FAILED_PRECONDITION, e);
      case MissingObjectException e -> describe(Status.FAILED_PRECONDITION, e);
      case ContainerRefusedException e -> describe(Status.FAILED_PRECONDITION, e);
      // The same document will never be understood.
      case IllegalArgumentException e -> describe(Status.INVALID_ARGUMENT, e);
      case KubernetesClientException e -> describe(Status.UNAVAILABLE, e);
      case Throwable e -> {
        LOG.error("a call failed unexpectedly", e);
        yield describe(Status.INTERNAL, e);
      }
    };
  }

  private static Status describe(Status status, Throwable failure) {
    return status.withDescription(failure.getMessage()).withCause(failure);
  }
}
