package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.sidecar.walrestore.NotFoundMarkers;
import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryRecord;
import com.dalibo.pgbackrest.stanza.rendering.PrivateFile;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The recovery of a new cluster whose data directory comes from volume snapshots: CNPG asks us for
/// WAL alone, by a `restore_command` of its own that takes a dead sidecar for the end of WAL.
///
/// `postgresql.auto.conf` is read after all that CNPG writes, so the command that waits stands
/// there while the recovery lasts. What else users have in that file stays.
public final class SnapshotRecovery {
  /// Whatever bytes users have there stay.
  private static final Charset ENCODING = StandardCharsets.ISO_8859_1;

  private static final Log log = Log.named("recovery");

  private final Path pgData;
  private final Path file;
  private final Path missDirectory;
  private final NotFoundMarkers markers;

  public SnapshotRecovery(Path pgData, Path missDirectory, NotFoundMarkers markers) {
    this.pgData = pgData;
    this.file = pgData.resolve("postgresql.auto.conf");
    this.missDirectory = missDirectory;
    this.markers = markers;
  }

  /// Before PostgreSQL starts.
  ///
  /// @throws IOException where that cannot be done: better no recovery than one that ends early
  public void begin() throws IOException {
    markers.clear();
    if (!Files.isDirectory(pgData)) {
      log.warning("there is no data directory yet", "directory", pgData);
      return;
    }
    var configuration = RecoveryConfiguration.ofSnapshots(missDirectory);
    Files.write(configuration.mark(), new byte[0]);
    // What another recovery left in the snapshot.
    RecoveryRecord.remove(pgData);
    write(
        AutoConf.withTargetOfCnpg(withoutOurs(content()))
            + configuration.restoreCommandWhereMarked()
            + "\n");
    log.info("recovery from volume snapshots waits for WAL that cannot be fetched");
  }

  /// When nothing recovers here, no longer or not yet.
  public void end() {
    try {
      var content = content();
      if (content.lines().anyMatch(this::isOurs)) {
        write(withoutOurs(content));
      }
    } catch (IOException trouble) {
      log.warning(
          "cannot remove the restore_command of the recovery",
          "file",
          file,
          "cause",
          trouble.getMessage());
    }
  }

  /// When the recovery is over in the pod that goes on as an instance.
  void finish() throws IOException {
    end();
    Files.deleteIfExists(RecoveryConfiguration.ofSnapshots(missDirectory).mark());
  }

  private String content() throws IOException {
    return Files.exists(file) ? Files.readString(file, ENCODING) : "";
  }

  private void write(String content) throws IOException {
    PrivateFile.write(file, content.getBytes(ENCODING));
  }

  private boolean isOurs(String line) {
    return line.startsWith("restore_command") && line.contains(missDirectory.toString());
  }

  private String withoutOurs(String content) {
    var kept = new StringBuilder();
    content.lines().filter(line -> !isOurs(line)).forEach(line -> kept.append(line).append('\n'));
    return kept.toString();
  }
}
