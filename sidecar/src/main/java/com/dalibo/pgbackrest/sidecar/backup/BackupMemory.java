package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.ObjectReference;
import com.dalibo.pgbackrest.sidecar.session.ProcessBound;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.session.WalProcesses;
import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import com.dalibo.pgbackrest.stanza.api.reason.BackupReason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// What a backup takes of the memory of this container: WAL is left the rest of it, and a limit
/// that is too low is reported before the kernel ends the backup.
public final class BackupMemory {
  private static final Log log = Log.named("backup");

  private final Supplier<MemoryLimit> limit;
  private final WalProcesses walProcesses;
  private final String podName;
  private final Path pgData;
  private final Events events;

  public BackupMemory(
      Supplier<MemoryLimit> limit,
      WalProcesses walProcesses,
      String podName,
      Path pgData,
      Events events) {
    this.limit = limit;
    this.walProcesses = walProcesses;
    this.podName = podName;
    this.pgData = pgData;
    this.events = events;
  }

  /// A backup begins; it ends when this is closed.
  WalProcesses.Backup take(RequestedBackup requested, StanzaSession session) {
    var processes = ProcessBound.ofBackup(session.configuration());
    var memory = limit.get();
    if (memory.bytes().isPresent()) {
      // Reading the size of a large database takes time that the backup needs not wait for.
      Thread.ofVirtual()
          .name("backup-memory")
          .start(() -> reportIfTooLow(requested, memory, processes));
    }
    return walProcesses.besideBackup(processes);
  }

  private void reportIfTooLow(RequestedBackup requested, MemoryLimit memory, int processes) {
    try {
      tooLow(memory, DatabaseSize.of(pgData), processes)
          .ifPresent(
              words ->
                  events.warning(
                      ObjectReference.of(requested.cluster(), requested.backup()),
                      BackupReason.BACKUP_MEMORY_LOW,
                      words));
    } catch (IOException unreadable) {
      log.debug("the size of the database is unknown", "cause", unreadable.getMessage());
    }
  }

  /// Why the kernel may end a backup, and what to do; empty where the limit is high enough.
  Optional<String> tooLow(MemoryLimit memory, DatabaseSize size, int processes) {
    var needed = size.needed(processes);
    return memory
        .bytes()
        .filter(bytes -> bytes < needed.bytes().orElseThrow())
        .map(
            _ ->
                ("the kernel may end this backup: its %d process(es), for a database of %d MiB in %d"
                        + " files, and Java and archiving beside it need up to %s, and the memory"
                        + " limit of the container pgbackrest-plugin of pod '%s' is %s; raise"
                        + " resourcesRequirement.limits.memory in the PluginConfig of the cluster to"
                        + " %s or more, or create one where a LimitRange gives the limit")
                    .formatted(
                        processes,
                        size.bytes() >> 20,
                        size.files(),
                        needed.words().orElseThrow(),
                        podName,
                        memory.words().orElseThrow(),
                        needed.orEnough().words().orElseThrow()));
  }
}
