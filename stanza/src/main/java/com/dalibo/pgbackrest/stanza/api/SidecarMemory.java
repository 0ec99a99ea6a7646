package com.dalibo.pgbackrest.stanza.api;

/// Memory limits of the sidecar as a PluginConfig writes them, measured in
/// docs/explanation/benchmarks.md.
public final class SidecarMemory {
  private static final int LEAST_MEBI = 64;
  private static final int ENOUGH_MEBI = 160;
  private static final int PROCESS_MEBI = 24;
  private static final int BACKUP_PROCESS_MEBI = 80;
  private static final int HUNDRED_THOUSAND_FILES_MEBI = 50;

  /// To archive and to recover.
  public static final String LEAST = LEAST_MEBI + "Mi";

  /// [#LEAST] in bytes.
  public static final long LEAST_BYTES = (long) LEAST_MEBI << 20;

  /// For a backup of any size with one process while full segments are archived.
  public static final String ENOUGH = ENOUGH_MEBI + "Mi";

  /// [#ENOUGH] in bytes.
  public static final long ENOUGH_BYTES = (long) ENOUGH_MEBI << 20;

  /// For each process of a restore, and for each that pushes or fetches WAL, beside [#LEAST].
  public static final String PROCESS = PROCESS_MEBI + "Mi";

  /// [#PROCESS] in bytes.
  public static final long PROCESS_BYTES = (long) PROCESS_MEBI << 20;

  /// For each process of a backup beside [#LEAST]: pgBackRest 2.60 keeps up to eight of the buffers
  /// in which it has sent parts of files (5 MiB each for S3), and up to 64 MiB in all.
  public static final String BACKUP_PROCESS = BACKUP_PROCESS_MEBI + "Mi";

  /// [#BACKUP_PROCESS] in bytes.
  public static final long BACKUP_PROCESS_BYTES = (long) BACKUP_PROCESS_MEBI << 20;

  /// For each 100,000 files of the PostgreSQL, beside [#ENOUGH]: pgBackRest holds a list of them.
  public static final String HUNDRED_THOUSAND_FILES = HUNDRED_THOUSAND_FILES_MEBI + "Mi";

  /// [#HUNDRED_THOUSAND_FILES] in bytes.
  public static final long HUNDRED_THOUSAND_FILES_BYTES = (long) HUNDRED_THOUSAND_FILES_MEBI << 20;

  /// Of a process of a backup before it has sent a large file.
  public static final long SMALL_BACKUP_PROCESS_BYTES = 16L << 20;

  /// What a process of a backup takes more for each file of 1 GiB that it has sent.
  public static final long GIBIBYTE_BYTES = 8L << 20;

  private SidecarMemory() {}
}
