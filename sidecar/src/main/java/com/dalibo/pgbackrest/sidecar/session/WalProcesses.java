package com.dalibo.pgbackrest.sidecar.session;

import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// How many files of WAL are pushed or fetched at the same time: also beside one CPU more than one,
/// because they wait for the store, and few, because PostgreSQL works there; and while a backup
/// runs no more than the memory that it leaves has room for.
public final class WalProcesses {
  private final Supplier<MemoryLimit> memory;
  private final int wanted;

  /// Of the backups that run.
  private final AtomicInteger backupProcesses = new AtomicInteger();

  /// @param memory read each time, as Kubernetes can resize a container that runs
  public WalProcesses(Supplier<MemoryLimit> memory) {
    this(memory, Runtime.getRuntime().availableProcessors());
  }

  WalProcesses(Supplier<MemoryLimit> memory, int cpus) {
    this.memory = memory;
    this.wanted = Math.clamp(cpus, 2, 4);
  }

  /// That of the request included.
  public int most() {
    var left = memory.get().beside(backupProcesses.get());
    return Math.min(wanted, left.processes().orElse(wanted));
  }

  /// A backup with that many processes begins; it ends when this is closed.
  public Backup besideBackup(int processes) {
    backupProcesses.addAndGet(processes);
    return () -> backupProcesses.addAndGet(-processes);
  }

  /// A backup that runs.
  public interface Backup extends AutoCloseable {
    @Override
    void close();
  }
}
