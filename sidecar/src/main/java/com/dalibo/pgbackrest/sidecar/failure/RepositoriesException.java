package com.dalibo.pgbackrest.sidecar.failure;

import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import org.jspecify.annotations.Nullable;

/// Some repository of a stanza did not do its part; the message says which one and why.
public final class RepositoriesException extends Exception {

  private final Reason reason;
  private final boolean mayPass;

  public RepositoriesException(
      String message, boolean mayPass, @Nullable PgBackRestException cause) {
    this(StanzaReason.REPOSITORY_UNREACHABLE, message, mayPass, cause);
  }

  public RepositoriesException(
      Reason reason, String message, boolean mayPass, @Nullable PgBackRestException cause) {
    super(message, cause);
    this.reason = reason;
    this.mayPass = mayPass;
  }

  /// What it is, in one word.
  public Reason reason() {
    return reason;
  }

  /// Whether trying again may help without anybody changing anything.
  public boolean mayPass() {
    return mayPass;
  }
}
