package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.stanza.rendering.PrivateFile;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a data directory that was copied brings of the source: `postgresql.auto.conf` and signal
/// files.
record CopiedSettings(Path dataDirectory) {
  /// PostgreSQL does not say in which encoding its settings are; in this one every byte stays.
  private static final Charset ENCODING = StandardCharsets.ISO_8859_1;

  private static final Log log = Log.named("restore");

  void remove() throws IOException {
    Files.deleteIfExists(file());
  }

  /// Removes what CNPG sets itself, be it from the backup or from pgBackRest. `backup_label` stays:
  /// it tells PostgreSQL where to begin.
  void clean() throws IOException {
    for (var signal : List.of("recovery.signal", "standby.signal")) {
      if (Files.deleteIfExists(dataDirectory.resolve(signal))) {
        log.info("removed a signal file", "file", signal);
      }
    }
    if (!Files.exists(file())) {
      return;
    }
    ReadOnlySettings.makeWritable(file());
    var filtered = AutoConf.withoutSettingsOfCnpg(content());
    if (!filtered.removed().isEmpty()) {
      PrivateFile.write(file(), filtered.kept().getBytes(ENCODING));
      log.info(
          "removed settings from postgresql.auto.conf that CNPG sets itself",
          "settings",
          String.join(", ", filtered.removed()));
    }
  }

  /// Whether PostgreSQL heeds a target time that CNPG writes.
  void setTarget(boolean heeded) throws IOException {
    var content = Files.exists(file()) ? content() : "";
    var changed = heeded ? AutoConf.withTargetOfCnpg(content) : AutoConf.withoutTargetTime(content);
    if (!changed.equals(content)) {
      PrivateFile.write(file(), changed.getBytes(ENCODING));
    }
  }

  /// Whether they bring a time zone of their own, which is not UTC.
  boolean haveAnotherZone() throws IOException {
    return Files.exists(file()) && AutoConf.setsAnotherZone(content());
  }

  private String content() throws IOException {
    return Files.readString(file(), ENCODING);
  }

  private Path file() {
    return dataDirectory.resolve("postgresql.auto.conf");
  }
}
