package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.stanza.rendering.PrivateFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/// What a restored data directory notes about its own recovery, from the end of the copy until an
/// instance runs on it. It is a file in that directory, so that it goes wherever CNPG moves the
/// directory between two tries.
///
/// @param cluster the uid of the Cluster that is recovered
/// @param stanza the Stanza the backup came from
/// @param backup its label
/// @param way where the recovery starts and which timeline it follows, as the Cluster says
/// @param target where it ends, as the Cluster says
/// @param end the WAL segment that PostgreSQL asked for and no repository had; empty before
/// @param misses how often the recovery came to that end short of its target
/// @param stop the first WAL segment that is not replayed, where the target was found to be the end
///   of what is archived and PostgreSQL recovers without a target: what is archived meanwhile is
///   later than the target; empty where there is no such segment
/// @param continued how many tries went on with this copy
/// @param begun how often PostgreSQL was left to recover to this target, with earlier copies too
public record RecoveryRecord(
    String cluster,
    String stanza,
    String backup,
    String way,
    String target,
    String end,
    int misses,
    String stop,
    int continued,
    int begun) {
  private static final String NAME = "pgbackrest-plugin.restored";

  /// Whether the data directory was restored and is no instance's yet.
  public static boolean isIn(Path dataDirectory) {
    return Files.exists(dataDirectory.resolve(NAME));
  }

  /// That of a data directory; one written by an earlier release says nothing.
  public static Optional<RecoveryRecord> read(Path dataDirectory) throws IOException {
    var file = dataDirectory.resolve(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var read = new Properties();
    read.load(new StringReader(Files.readString(file)));
    return read.containsKey("backup") ? Optional.of(of(read)) : Optional.empty();
  }

  private static RecoveryRecord of(Properties read) {
    return new RecoveryRecord(
        read.getProperty("cluster", ""),
        read.getProperty("stanza", ""),
        read.getProperty("backup", ""),
        read.getProperty("way", ""),
        read.getProperty("target", ""),
        read.getProperty("end", ""),
        Integer.parseInt(read.getProperty("misses", "0")),
        read.getProperty("stop", ""),
        Integer.parseInt(read.getProperty("continued", "0")),
        Integer.parseInt(read.getProperty("begun", "0")));
  }

  /// Removes it where the recovery is over.
  public static void remove(Path dataDirectory) throws IOException {
    Files.deleteIfExists(dataDirectory.resolve(NAME));
  }

  /// Writes it into a data directory.
  public void write(Path dataDirectory) throws IOException {
    var written = new Properties();
    written.setProperty("cluster", cluster);
    written.setProperty("stanza", stanza);
    written.setProperty("backup", backup);
    written.setProperty("way", way);
    written.setProperty("target", target);
    written.setProperty("end", end);
    written.setProperty("misses", Integer.toString(misses));
    written.setProperty("stop", stop);
    written.setProperty("continued", Integer.toString(continued));
    written.setProperty("begun", Integer.toString(begun));
    var bytes = new ByteArrayOutputStream();
    written.store(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), null);
    PrivateFile.write(dataDirectory.resolve(NAME), bytes.toByteArray());
  }

  /// Whether PostgreSQL recovers without the target that the Cluster has.
  public boolean toTheEnd() {
    return !stop.isEmpty();
  }

  /// Whether this segment is not replayed, though it may be archived. The names are in the order of
  /// the WAL, timeline by timeline.
  boolean stopsBefore(WalFile file) {
    return toTheEnd() && file.kind() == WalFile.Kind.SEGMENT && file.name().compareTo(stop) >= 0;
  }

  /// Another try goes on with this copy.
  public RecoveryRecord continuedOnceMore() {
    return new RecoveryRecord(
        cluster, stanza, backup, way, target, end, misses, stop, continued + 1, begun);
  }

  /// PostgreSQL begins to recover.
  public RecoveryRecord begunOnceMore() {
    return new RecoveryRecord(
        cluster, stanza, backup, way, target, end, misses, stop, continued, begun + 1);
  }

  /// That of a new copy, after tries with an earlier one.
  public RecoveryRecord following(RecoveryRecord earlier) {
    var same =
        cluster.equals(earlier.cluster)
            && stanza.equals(earlier.stanza)
            && way.equals(earlier.way)
            && target.equals(earlier.target);
    return new RecoveryRecord(
        cluster,
        stanza,
        backup,
        way,
        target,
        end,
        misses,
        stop,
        continued,
        same ? earlier.begun : 0);
  }

  /// That of the recovery of this Cluster: a base backup or a snapshot may have brought another's.
  public static Optional<RecoveryRecord> of(Cluster cluster, Path dataDirectory)
      throws IOException {
    return read(dataDirectory).filter(record -> record.cluster.equals(cluster.uid()));
  }

  /// PostgreSQL came to the end of the archived WAL.
  public RecoveryRecord endingBefore(String segment) {
    return new RecoveryRecord(
        cluster, stanza, backup, way, target, segment, misses, stop, continued, begun);
  }

  /// The recovery begins once more on the same data, for a target that may be another one now.
  public RecoveryRecord again(String itsTarget, int itsMisses, String itsStop) {
    return new RecoveryRecord(
        cluster,
        stanza,
        backup,
        way,
        itsTarget,
        "",
        itsMisses,
        itsStop,
        continued,
        itsTarget.equals(target) ? begun : 0);
  }
}
