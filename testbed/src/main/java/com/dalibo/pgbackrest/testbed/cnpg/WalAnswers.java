package com.dalibo.pgbackrest.testbed.cnpg;

import com.dalibo.pgbackrest.testbed.cnpg.CnpgVersion.HistoryGuard;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/// What the programs that PostgreSQL runs as `archive_command` and `restore_command` get as an
/// answer, and a record of it.
final class WalAnswers {
  private final InstanceManager manager;
  private final ConcurrentLinkedDeque<String> archiveErrors = new ConcurrentLinkedDeque<>();
  private final ConcurrentLinkedDeque<String> archived = new ConcurrentLinkedDeque<>();
  private final ConcurrentLinkedDeque<String> restored = new ConcurrentLinkedDeque<>();
  private final ConcurrentLinkedDeque<String> restoreErrors = new ConcurrentLinkedDeque<>();

  WalAnswers(InstanceManager manager) {
    this.manager = manager;
  }

  /// The exit status, and what the command prints.
  String answer(String[] command) throws InterruptedException {
    // CNPG's programs connect for every file.
    manager.channel().resetConnectBackoff();
    return switch (command[0]) {
      case "wal-archive" -> archiveForPostgres(command[1]);
      case "wal-restore" -> restoreForPostgres(command[1], command[2]);
      default -> "2 unknown command '" + command[0] + "'";
    };
  }

  private String archiveForPostgres(String path) {
    Optional<String> primary = cluster().currentPrimary();
    boolean mayBePrimary =
        primary.equals(Optional.of(pod().name()))
            || cluster().targetPrimary().equals(Optional.of(pod().name()));
    if (cluster().isReplica() && !mayBePrimary) {
      return "0";
    }
    if (!primary.equals(Optional.of(pod().name()))) {
      return "1 switchover in progress, refusing archiving";
    }
    Path walFile = pod().pgData().resolve(path);
    try {
      manager.archive(walFile);
      Files.deleteIfExists(manager.emptyArchiveMarker());
    } catch (StatusRuntimeException e) {
      archiveErrors.add(String.valueOf(e.getMessage()));
      return "1 " + e.getMessage();
    } catch (IOException e) {
      return "1 " + e.getMessage();
    }
    archived.add(String.valueOf(walFile.getFileName()));
    return "0";
  }

  private String restoreForPostgres(String name, String path) throws InterruptedException {
    if (guarded(name)) {
      return "1 refused to restore a timeline history of the future";
    }
    try {
      manager.restore(name, pod().pgData().resolve(path));
    } catch (StatusRuntimeException e) {
      restoreErrors.add(String.valueOf(e.getMessage()));
      // CNPG looks for other archives now, finds none, and tells PostgreSQL no more than this.
      Thread.sleep(Duration.ofMillis(100));
      return "1 " + e.getMessage();
    }
    restored.add(name);
    return "0";
  }

  private boolean guarded(String name) {
    if (!name.endsWith(".history") || manager.version().historyGuard == HistoryGuard.NONE) {
      return false;
    }
    if (cluster().currentPrimary().equals(Optional.of(pod().name()))
        || cluster().targetPrimary().equals(Optional.of(pod().name()))) {
      return false;
    }
    if (cluster().timeline() == 0) {
      return manager.version().historyGuard == HistoryGuard.NO_BOOTSTRAP;
    }
    return Integer.parseUnsignedInt(name.substring(0, 8), 16) > cluster().timeline();
  }

  private ClusterDefinition cluster() {
    return manager.cluster();
  }

  private Pod pod() {
    return manager.pod();
  }

  List<String> archiveErrors() {
    return List.copyOf(archiveErrors);
  }

  List<String> archived() {
    return List.copyOf(archived);
  }

  List<String> restored() {
    return List.copyOf(restored);
  }

  List<String> restoreErrors() {
    return List.copyOf(restoreErrors);
  }
}
