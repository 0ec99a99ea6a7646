package com.dalibo.pgbackrest.sidecar.session;

import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import java.util.concurrent.atomic.AtomicInteger;

/// How many files of WAL are pushed or fetched at the same time: also beside one CPU more than one,
/// because they wait for the store, and few, because PostgreSQL works there; and while a backup
/// runs no more than the memory that it leaves has room for.
public final class WalProcesses {
  private final int most;
  private final int besideBackup;
  private final AtomicInteger backups = new AtomicInteger();

  private WalProcesses(int most, int besideBackup) {
    this.most = most;
    this.besideBackup = besideBackup;
  }

  public static WalProcesses within(MemoryLimit limit) {
    return within(limit, Runtime.getRuntime().availableProcessors());
  }

  static WalProcesses within(MemoryLimit limit, int cpus) {
    var wanted = Math.clamp(cpus, 2, 4);
    var left = limit.beside(limit.backupProcesses().orElse(1));
    return new WalProcesses(
        Math.min(wanted, limit.processes().orElse(wanted)),
        Math.min(wanted, left.processes().orElse(wanted)));
  }

  /// That of the request included.
  public int most() {
    return backups.get() > 0 ? besideBackup : most;
  }

  /// A backup begins; it ends when this is closed.
  public Backup besideBackup() {
    backups.incrementAndGet();
    return backups::decrementAndGet;
  }

  /// A backup that runs.
  public interface Backup extends AutoCloseable {
    @Override
    void close();
  }
}
