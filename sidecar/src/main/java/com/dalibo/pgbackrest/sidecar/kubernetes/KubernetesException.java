package com.dalibo.pgbackrest.sidecar.kubernetes;

import org.jspecify.annotations.Nullable;

/// The Kubernetes API refused, or could not be reached (status 0).
public final class KubernetesException extends Exception {

  private final int status;

  KubernetesException(int status, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  public boolean notFound() {
    return status == 404;
  }

  /// A token that has just been replaced gives 401 until the API knows it; rights not yet granted
  /// give 403, which is the caller's to judge.
  public boolean forbidden() {
    return status == 403;
  }

  public boolean conflict() {
    return status == 409;
  }

  boolean mayPass() {
    return status == 0 || status == 401 || status == 429 || status >= 500;
  }
}
