package com.dalibo.pgbackrest.command;

/// Whether a command only says what it would do.
public enum DryRun {
  YES,
  NO
}
