package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Backup;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.failure.BackupDeletedException;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import com.dalibo.pgbackrest.sidecar.retention.BackupClient;
import com.dalibo.pgbackrest.sidecar.retention.BackupObject;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// Looks at the Backup object while its backup runs: deleting the object is how users stop a
/// backup. What cannot be looked at is taken to be there still.
public final class DeletionWatch {
  private static final Log log = Log.named("backup");

  private final BackupClient objects;
  private final Duration every;

  public DeletionWatch(BackupClient objects, Duration every) {
    this.objects = objects;
    this.every = every;
  }

  /// Ends with the backup.
  public interface Watching extends AutoCloseable {
    @Override
    void close();
  }

  /// Watches from now until the answer is closed.
  ///
  /// @param stop is called at most once, with what to tell
  public Watching watch(Cluster cluster, Backup backup, Consumer<BackupDeletedException> stop) {
    var thread =
        Thread.ofVirtual()
            .name("watch-" + backup.name())
            .start(() -> follow(cluster, backup, stop));
    return thread::interrupt;
  }

  private void follow(Cluster cluster, Backup backup, Consumer<BackupDeletedException> stop) {
    if (backup.name().isEmpty() || backup.uid().isEmpty()) {
      return;
    }
    var seen = false;
    try {
      while (true) {
        try {
          var found = objects.find(cluster, backup);
          var end = end(found, backup, seen);
          if (end.isPresent()) {
            stop.accept(
                new BackupDeletedException(
                    "backup '%s' of cluster '%s' was stopped because %s; create a new Backup if needed"
                        .formatted(backup.name(), cluster.name(), end.get())));
            return;
          }
          seen = seen || found.isPresent();
        } catch (KubernetesException unknown) {
          log.debug(
              "the Backup object cannot be read",
              "backup",
              backup.name(),
              "cause",
              unknown.getMessage());
        }
        Thread.sleep(every);
      }
    } catch (InterruptedException _) {
      // The backup has ended.
    }
  }

  /// Why the backup is to end.
  ///
  /// @param seen whether the object has been there since the backup began: one that never was is
  ///   none that somebody deleted
  static Optional<String> end(Optional<BackupObject> found, Backup backup, boolean seen) {
    if (found.isEmpty()) {
      return seen ? Optional.of("its Backup object was deleted") : Optional.empty();
    }
    if (!found.get().uid().equals(backup.uid())) {
      return Optional.of("its Backup object was deleted, and another object has its name");
    }
    return found.get().beingDeleted()
        ? Optional.of("its Backup object is being deleted")
        : Optional.empty();
  }
}
