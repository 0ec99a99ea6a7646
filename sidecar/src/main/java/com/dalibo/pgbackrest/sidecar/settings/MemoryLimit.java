package com.dalibo.pgbackrest.sidecar.settings;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.stanza.api.SidecarMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/// How much memory this container may take, as its control group says (Linux, cgroup v2
/// `memory.max`, v1 `memory.limit_in_bytes`).
///
/// @param bytes empty where there is no limit
public record MemoryLimit(Optional<Long> bytes) {
  private static final Log log = Log.named("memory");
  private static final long MEBI = 1L << 20;

  /// Version 1 writes no limit as the largest number of whole pages.
  private static final long NONE = 1L << 60;

  public static MemoryLimit ofContainer() {
    return in(Path.of("/sys/fs/cgroup"));
  }

  static MemoryLimit in(Path groups) {
    var unified = read(groups.resolve("memory.max"));
    return new MemoryLimit(
        unified.isPresent() ? unified : read(groups.resolve("memory/memory.limit_in_bytes")));
  }

  private static Optional<Long> read(Path file) {
    try {
      var text = Files.readString(file).strip();
      return Optional.of(text)
          .filter(number -> number.matches("[0-9]{1,18}"))
          .map(Long::valueOf)
          .filter(number -> number < NONE);
    } catch (IOException _) {
      // The other version, or a container that is not shown its own.
      return Optional.empty();
    }
  }

  public boolean isLow() {
    return bytes.filter(limit -> limit < SidecarMemory.ENOUGH_BYTES).isPresent();
  }

  /// How many processes of a restore, or of archiving, there is room for, at least one; empty where
  /// there is no limit.
  public OptionalInt processes() {
    return room(SidecarMemory.PROCESS_BYTES);
  }

  /// How many processes of a backup there is room for, at least one; empty where there is no limit.
  public OptionalInt backupProcesses() {
    return room(SidecarMemory.BACKUP_PROCESS_BYTES);
  }

  /// What is left while that many processes of a backup run.
  public MemoryLimit beside(int backupProcesses) {
    return new MemoryLimit(
        bytes.map(limit -> limit - backupProcesses * SidecarMemory.BACKUP_PROCESS_BYTES));
  }

  private OptionalInt room(long process) {
    return bytes
        .map(
            limit ->
                OptionalInt.of(Math.clamp((limit - SidecarMemory.LEAST_BYTES) / process, 1, 999)))
        .orElse(OptionalInt.empty());
  }

  /// This one, or that which most clusters need where it is lower.
  public MemoryLimit orEnough() {
    return new MemoryLimit(bytes.map(limit -> Math.max(limit, SidecarMemory.ENOUGH_BYTES)));
  }

  public void warnIfLow() {
    if (isLow()) {
      log.warning(
          "the memory limit is sufficient for archiving and recovery, but a backup may be killed "
              + "while WAL is archived",
          "limit",
          words().orElse(""),
          "enough",
          SidecarMemory.ENOUGH);
    }
  }

  /// What to do where the kernel has ended a backup for its memory; empty where there is no limit.
  public Optional<String> remedy() {
    return words()
        .map(
            limit ->
                ("if it is OOMKilled, its memory limit of %s is too low: raise"
                        + " resourcesRequirement.limits.memory in the PluginConfig of the cluster, or"
                        + " create one where a LimitRange gives the limit; %s or more serves most"
                        + " clusters, and one with many tables needs %s more for each 100,000 files")
                    .formatted(limit, SidecarMemory.ENOUGH, SidecarMemory.HUNDRED_THOUSAND_FILES));
  }

  /// As manifests write it, to the next lower mebibyte.
  public Optional<String> words() {
    return bytes.map(limit -> limit / MEBI + "Mi");
  }
}
