package com.dalibo.pgbackrest.stanza.api;

/// Memory limits of the sidecar as a PluginConfig writes them, measured in
/// docs/explanation/benchmarks.md.
public final class SidecarMemory {
  /// To archive and to recover.
  public static final String LEAST = "64Mi";

  /// For a backup of any size with one process while full segments are archived.
  public static final String ENOUGH = "160Mi";

  /// [#ENOUGH] in bytes.
  public static final long ENOUGH_BYTES = 160L << 20;

  /// For each process of a restore, and for each that pushes or fetches WAL, beside [#LEAST].
  public static final String PROCESS = "24Mi";

  /// For each process of a backup beside [#LEAST]: pgBackRest 2.60 keeps up to eight of the buffers
  /// in which it has sent parts of files (5 MiB each for S3), and up to 64 MiB in all.
  public static final String BACKUP_PROCESS = "80Mi";

  /// For each 100,000 files of the PostgreSQL, beside [#ENOUGH]: pgBackRest holds a list of them.
  public static final String HUNDRED_THOUSAND_FILES = "50Mi";

  /// [#LEAST] in bytes.
  public static final long LEAST_BYTES = 64L << 20;

  /// [#PROCESS] in bytes.
  public static final long PROCESS_BYTES = 24L << 20;

  /// [#BACKUP_PROCESS] in bytes.
  public static final long BACKUP_PROCESS_BYTES = 80L << 20;

  private SidecarMemory() {}
}
