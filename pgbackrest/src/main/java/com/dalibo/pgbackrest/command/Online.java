package com.dalibo.pgbackrest.command;

/// Whether a stanza command asks the running PostgreSQL or only reads its control file.
public enum Online {
  YES("--online"),
  NO("--no-online");

  private final String argument;

  Online(String argument) {
    this.argument = argument;
  }

  String argument() {
    return argument;
  }
}
