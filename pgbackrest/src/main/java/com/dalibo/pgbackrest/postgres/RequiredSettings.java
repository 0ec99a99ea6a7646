package com.dalibo.pgbackrest.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The settings that a recovery must have at least as large as the server that wrote its WAL had
/// them. PostgreSQL keeps in its control file what the WAL said so far, and pauses the recovery
/// where a setting is smaller.
public final class RequiredSettings {
  /// In the order of the control file, with PostgreSQL's defaults.
  public static final Map<String, Integer> DEFAULTS = defaults();

  private static final double FLOAT_FORMAT = 1234567.0;
  private static final int LENGTH = 512;

  /// Before the number that PostgreSQL recognises its floating point format by: the settings of
  /// four bytes each, whether commits have timestamps, and an alignment.
  private static final int DISTANCE = 28;

  private RequiredSettings() {}

  /// Those of a data directory.
  public static Map<String, Integer> read(Path dataDirectory) throws IOException {
    var file = dataDirectory.resolve("global").resolve("pg_control");
    var bytes = Files.readAllBytes(file);
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (var at = 56; at + 8 <= Math.min(bytes.length, LENGTH); at += 8) {
      if (buffer.getDouble(at) == FLOAT_FORMAT) {
        var found = new LinkedHashMap<String, Integer>();
        var place = at - DISTANCE;
        for (var name : List.copyOf(DEFAULTS.keySet())) {
          found.put(name, buffer.getInt(place));
          place += Integer.BYTES;
        }
        return found;
      }
    }
    throw new IOException("'%s' is not a control file of PostgreSQL 14 or newer".formatted(file));
  }

  private static Map<String, Integer> defaults() {
    var settings = new LinkedHashMap<String, Integer>();
    settings.put("max_connections", 100);
    settings.put("max_worker_processes", 8);
    settings.put("max_wal_senders", 10);
    settings.put("max_prepared_transactions", 0);
    settings.put("max_locks_per_transaction", 64);
    return Collections.unmodifiableMap(settings);
  }
}
