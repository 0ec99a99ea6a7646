package com.dalibo.pgbackrest.sidecar.failure;

import com.dalibo.pgbackrest.error.PgBackRestException;
import org.jspecify.annotations.Nullable;

/// Some repository of a stanza did not do its part; the message says which one and why.
public final class RepositoriesException extends Exception {

  private final boolean mayPass;

  public RepositoriesException(
      String message, boolean mayPass, @Nullable PgBackRestException cause) {
    super(message, cause);
    this.mayPass = mayPass;
  }

  /// Whether trying again may help without anybody changing anything.
  public boolean mayPass() {
    return mayPass;
  }
}
