package com.dalibo.pgbackrest.testbed.cnpg;

import com.dalibo.pgbackrest.cnpgi.proto.restore.RestoreResponse;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// Plays CNPG's recovery job: lets the plugin restore the data directory, configures PostgreSQL for
/// recovery as CNPG does, runs it until it is promoted, and stops it. After that the data directory
/// is what the first instance of the new cluster starts with.
public record RestoreJob(InstanceManager manager, Postgres postgres) {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /// The whole job. A replica cluster is left as it is after the restore, with `standby.signal`:
  /// CNPG does not start it here.
  public void run() {
    restore();
    if (manager.cluster().isReplica()) {
      return;
    }
    recover();
  }

  /// The first half: until the data directory is there and configured.
  public RestoreResponse restore() {
    removeOldDataDirectory();
    RestoreResponse response = manager.restoreData();
    conclude(response);
    return response;
  }

  /// The second half: PostgreSQL recovers, ends recovery by itself, and is stopped.
  public void recover() {
    postgres.start();
    postgres.waitForPromotion(PATIENCE);
    postgres.stop();
    write("custom.conf", "");
  }

  private void removeOldDataDirectory() {
    Path data = postgres.dataDirectory();
    // Without a volume for WAL there is nothing.
    Path wal = manager.pod().directory().resolve("wal/pg_wal");
    try {
      if (Files.exists(data.resolve("global/pg_control"))) {
        String suffix = "_" + System.currentTimeMillis();
        Files.move(data, data.resolveSibling("pgdata" + suffix));
        if (Files.exists(wal)) {
          Files.move(wal, wal.resolveSibling("pg_wal" + suffix));
        }
        return;
      }
      for (Path left : new Path[] {data, wal}) {
        if (Files.exists(left)) {
          deleteTree(left);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void conclude(RestoreResponse response) {
    for (String variable : response.getEnvsList()) {
      String[] nameAndValue = variable.split("=", 2);
      postgres.environment(nameAndValue[0], nameAndValue[1]);
    }
    if (manager.version().movesAutoConfAway()) {
      moveAutoConfAway();
    }
    manager.markNewCluster();
    if (manager.cluster().isReplica()) {
      write("custom.conf", "");
      write(
          "override.conf",
          "restore_command = '%s'\nrecovery_target_timeline = 'latest'\n"
              .formatted(manager.restoreCommand()));
      write("standby.signal", "");
      return;
    }
    write("pg_hba.conf", "local all all trust\nhost all all 127.0.0.1/32 trust\n");
    write(
        "custom.conf",
        "archive_mode = 'on'\narchive_command = 'false'\n"
            + manager.withOurWalRestore(response.getRestoreConfig())
            + "\n"
            + targetOptions());
    write("override.conf", "");
    write("recovery.signal", "");
  }

  private void moveAutoConfAway() {
    Path file = postgres.dataDirectory().resolve("postgresql.auto.conf");
    try {
      Files.move(
          file,
          file.resolveSibling("postgresql.auto.conf.cnpg"),
          StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(file, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The lines CNPG makes of `recoveryTarget`, in its order.
  private String targetOptions() {
    return manager.cluster().recoveryTarget().map(RestoreJob::targetOptions).orElse("");
  }

  private static String targetOptions(JsonObject target) {
    StringBuilder lines = new StringBuilder();
    String[][] options = {
      {"targetTLI", "recovery_target_timeline"},
      {"targetXID", "recovery_target_xid"},
      {"targetName", "recovery_target_name"},
      {"targetLSN", "recovery_target_lsn"},
      {"targetTime", "recovery_target_time"},
    };
    for (String[] option : options) {
      @Nullable JsonElement value = target.get(option[0]);
      if (value != null && !value.getAsString().isEmpty()) {
        lines.append("%s = '%s'\n".formatted(option[1], value.getAsString()));
      }
    }
    @Nullable JsonElement immediate = target.get("targetImmediate");
    if (immediate != null && immediate.getAsBoolean()) {
      lines.append("recovery_target = 'immediate'\n");
    }
    @Nullable JsonElement exclusive = target.get("exclusive");
    boolean inclusive = exclusive == null || !exclusive.getAsBoolean();
    return lines.append("recovery_target_inclusive = '%s'\n".formatted(inclusive)).toString();
  }

  private void write(String file, String content) {
    try {
      Files.writeString(postgres.dataDirectory().resolve(file), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
