package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.PgBackRestException;

/// What pgBackRest said, after what it was to do, for which cluster and where.
final class ProgramFailedException extends Exception {
  private final PgBackRestException failure;

  ProgramFailedException(String what, PgBackRestException failure) {
    super(what + ": " + failure.getMessage(), failure);
    this.failure = failure;
  }

  PgBackRestException failure() {
    return failure;
  }
}
