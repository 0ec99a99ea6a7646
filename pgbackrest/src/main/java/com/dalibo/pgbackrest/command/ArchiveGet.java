package com.dalibo.pgbackrest.command;

/// The two answers of an archive that could be asked.
public enum ArchiveGet {
  FOUND,
  NOT_FOUND
}
