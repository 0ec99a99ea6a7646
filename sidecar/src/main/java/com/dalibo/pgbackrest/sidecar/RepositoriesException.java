package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.PgBackRestException;
import org.jspecify.annotations.Nullable;

/// Some repository of a stanza did not do its part; the message says which one and why.
final class RepositoriesException extends Exception {

  private final boolean mayPass;

  RepositoriesException(String message, boolean mayPass, @Nullable PgBackRestException cause) {
    super(message, cause);
    this.mayPass = mayPass;
  }

  /// Whether trying again may help without anybody changing anything.
  boolean mayPass() {
    return mayPass;
  }
}
