package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What a restored data directory notes about its own recovery, from the end of the copy until an
/// instance runs on it. It is a file in that directory, so that it goes wherever CNPG moves the
/// directory between two tries.
///
/// @param aim what was restored and where its recovery leads
/// @param end where the archived WAL ended for it
/// @param tries how often it was tried
public record RecoveryRecord(Aim aim, End end, Tries tries) {
  private static final String NAME = "pgbackrest-plugin.restored";
  private static final Log log = Log.named("restore");

  /// What was restored, and where its recovery leads.
  ///
  /// @param cluster the uid of the Cluster that is recovered
  /// @param stanza the Stanza the backup came from
  /// @param backup its label
  /// @param way where the recovery starts and which timeline it follows, as the Cluster says
  /// @param target where it ends, as the Cluster says
  public record Aim(String cluster, String stanza, String backup, String way, String target) {
    private Aim withTarget(String another) {
      return new Aim(cluster, stanza, backup, way, another);
    }

    /// Whether the recovery is the same, be it from another backup.
    private boolean leadsWhere(Aim other) {
      return cluster.equals(other.cluster)
          && stanza.equals(other.stanza)
          && way.equals(other.way)
          && target.equals(other.target);
    }
  }

  /// Where the archived WAL ended for a recovery.
  ///
  /// @param segment the WAL segment that PostgreSQL asked for and no repository had; empty before
  /// @param misses how often the recovery came to that end short of its target
  /// @param stop the first WAL segment that is not replayed, where the target was found to be the
  ///   end of what is archived and PostgreSQL recovers without a target: what is archived meanwhile
  ///   is later than the target; empty where there is no such segment
  public record End(String segment, int misses, String stop) {
    private static final End UNKNOWN = new End("", 0, "");
  }

  /// How often a recovery was tried.
  ///
  /// @param continued how many tries went on with this copy
  /// @param begun how often PostgreSQL was left to recover to this target, with earlier copies too
  public record Tries(int continued, int begun) {
    private static final Tries NONE = new Tries(0, 0);

    private Tries withBegun(int another) {
      return new Tries(continued, another);
    }
  }

  /// That of a new copy.
  public static RecoveryRecord of(Aim aim) {
    return new RecoveryRecord(aim, End.UNKNOWN, Tries.NONE);
  }

  // -- the file ----------------------------------------------------------------------------------

  /// Whether the data directory was restored and is no instance's yet.
  public static boolean isIn(Path dataDirectory) {
    return Files.exists(dataDirectory.resolve(NAME));
  }

  /// That of a data directory; one written by an earlier release says nothing, and neither does one
  /// that cannot be understood.
  public static Optional<RecoveryRecord> read(Path dataDirectory) throws IOException {
    try {
      return understood(dataDirectory);
    } catch (DamagedFileException damage) {
      log.warning("what a recovery noted is left out", "cause", damage.getMessage());
      return Optional.empty();
    }
  }

  /// That of the recovery of this Cluster: a base backup or a snapshot may have brought another's.
  ///
  /// @throws PreconditionException where it cannot be understood: it may say that the recovery has
  ///   to stop short of WAL that is archived
  public static Optional<RecoveryRecord> of(Cluster cluster, Path dataDirectory)
      throws PreconditionException, IOException {
    try {
      return understood(dataDirectory).filter(record -> record.aim.cluster.equals(cluster.uid()));
    } catch (DamagedFileException damage) {
      throw new PreconditionException(
          ("%s; it may say where the recovery of cluster '%s' ends, which therefore gets no more WAL: delete"
                  + " its pod, and the next try copies the backup anew")
              .formatted(damage.getMessage(), cluster.name()));
    }
  }

  private static Optional<RecoveryRecord> understood(Path dataDirectory) throws IOException {
    var file = dataDirectory.resolve(NAME);
    try {
      var properties = PropertiesFile.read(file).filter(found -> !found.values().isEmpty());
      if (properties.isPresent() && !properties.get().has("backup")) {
        throw new DamagedFileException(file, new IOException("it names no backup"));
      }
      return properties.map(RecoveryRecord::from);
    } catch (NumberFormatException damage) {
      throw new DamagedFileException(file, damage);
    }
  }

  private static RecoveryRecord from(PropertiesFile file) {
    return new RecoveryRecord(
        new Aim(
            file.text("cluster"),
            file.text("stanza"),
            file.text("backup"),
            file.text("way"),
            file.text("target")),
        new End(file.text("end"), file.number("misses"), file.text("stop")),
        new Tries(file.number("continued"), file.number("begun")));
  }

  /// Writes it into a data directory.
  public void write(Path dataDirectory) throws IOException {
    new PropertiesFile(
            Map.of(
                "cluster", aim.cluster,
                "stanza", aim.stanza,
                "backup", aim.backup,
                "way", aim.way,
                "target", aim.target,
                "end", end.segment,
                "misses", Integer.toString(end.misses),
                "stop", end.stop,
                "continued", Integer.toString(tries.continued),
                "begun", Integer.toString(tries.begun)))
        .write(dataDirectory.resolve(NAME));
  }

  /// Removes it where the recovery is over.
  public static void remove(Path dataDirectory) throws IOException {
    Files.deleteIfExists(dataDirectory.resolve(NAME));
  }

  // -- where the recovery ends -------------------------------------------------------------------

  /// Whether PostgreSQL recovers without the target that the Cluster has.
  public boolean toTheEnd() {
    return !end.stop.isEmpty();
  }

  /// Whether this segment is not replayed, though it may be archived. The names are in the order of
  /// the WAL, timeline by timeline.
  boolean stopsBefore(WalFile file) {
    return toTheEnd()
        && file.kind() == WalFile.Kind.SEGMENT
        && file.name().compareTo(end.stop) >= 0;
  }

  // -- what happens to it ------------------------------------------------------------------------

  /// Another try goes on with this copy.
  public RecoveryRecord continuedOnceMore() {
    return new RecoveryRecord(aim, end, new Tries(tries.continued + 1, tries.begun));
  }

  /// PostgreSQL begins to recover.
  public RecoveryRecord begunOnceMore() {
    return new RecoveryRecord(aim, end, tries.withBegun(tries.begun + 1));
  }

  /// That of a new copy, after tries with an earlier one.
  public RecoveryRecord following(RecoveryRecord earlier) {
    var begun = aim.leadsWhere(earlier.aim) ? earlier.tries.begun : 0;
    return new RecoveryRecord(aim, end, tries.withBegun(begun));
  }

  /// PostgreSQL came to the end of the archived WAL.
  public RecoveryRecord endingBefore(String segment) {
    return new RecoveryRecord(aim, new End(segment, end.misses, end.stop), tries);
  }

  /// The recovery begins once more on the same data, for a target that may be another one now.
  public RecoveryRecord again(String target, int misses, String stop) {
    var begun = target.equals(aim.target) ? tries.begun : 0;
    return new RecoveryRecord(
        aim.withTarget(target), new End("", misses, stop), tries.withBegun(begun));
  }
}
