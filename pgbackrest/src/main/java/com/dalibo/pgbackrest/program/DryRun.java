package com.dalibo.pgbackrest.program;

/// Whether a command only says what it would do.
public enum DryRun {
  YES,
  NO
}
