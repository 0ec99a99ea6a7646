package com.dalibo.pgbackrest.sidecar.failure;

import com.dalibo.pgbackrest.error.PgBackRestException;

/// What pgBackRest said, after what it was to do, for which cluster and where.
public final class ProgramFailedException extends Exception {
  private final PgBackRestException failure;

  public ProgramFailedException(String what, PgBackRestException failure) {
    super(what + ": " + failure.getMessage(), failure);
    this.failure = failure;
  }

  public PgBackRestException failure() {
    return failure;
  }
}
