package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryRecord;
import com.dalibo.pgbackrest.stanza.rendering.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The time before there is an instance, in a pod that makes its own data directory as CNPG 1.31
/// has it: the sidecar that serves the restore continues as the sidecar of the instance, so what
/// holds for the recovery alone begins and ends while it runs.
///
/// It is over once the Cluster has a primary, and stays over in this pod, whatever is started
/// again.
public final class PodBootstrap {
  private static final Log log = Log.named("recovery");

  private final boolean recoversFromSnapshots;
  private final SnapshotRecovery snapshots;
  private final Path pgData;
  private final Path overFile;
  private volatile boolean over;

  /// @param workDirectory lives as long as the pod
  public PodBootstrap(
      boolean recoversFromSnapshots, SnapshotRecovery snapshots, Path pgData, Path workDirectory) {
    this.recoversFromSnapshots = recoversFromSnapshots;
    this.snapshots = snapshots;
    this.pgData = pgData;
    this.overFile = workDirectory.resolve("bootstrap-over");
  }

  /// When the sidecar starts, which is before anything recovers.
  public void begin() throws IOException {
    if (recoversFromSnapshots && !Files.exists(overFile)) {
      snapshots.begin();
    } else {
      snapshots.end();
    }
  }

  /// What the Cluster is now.
  public void follow(Cluster cluster) throws IOException {
    if (over || cluster.currentPrimary().isEmpty()) {
      return;
    }
    if (!Files.exists(pgData.resolve("global/pg_control"))) {
      return;
    }
    snapshots.finish();
    forgetRecovery(pgData);
    SnapshotTries.forget(pgData);
    Files.write(overFile, new byte[0]);
    over = true;
    log.info("the data directory is that of an instance", "cluster", cluster.name());
  }

  /// Removes what the recovery noted and changed, where it is over: a recovery from a snapshot of
  /// this instance may have a target.
  public static void forgetRecovery(Path pgData) throws IOException {
    if (!Files.exists(pgData.resolve("global/pg_control"))
        || Files.exists(pgData.resolve("recovery.signal"))
        || Files.exists(pgData.resolve("backup_label"))) {
      return;
    }
    var file = pgData.resolve("postgresql.auto.conf");
    if (Files.exists(file)) {
      var content = Files.readString(file, StandardCharsets.ISO_8859_1);
      var kept = AutoConf.withTargetOfCnpg(content);
      if (!kept.equals(content)) {
        PrivateFile.write(file, kept.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    RecoveryRecord.remove(pgData);
  }

  /// When the sidecar stops: another pod may come without one.
  public void end() {
    if (recoversFromSnapshots && !over) {
      snapshots.end();
    }
  }
}
