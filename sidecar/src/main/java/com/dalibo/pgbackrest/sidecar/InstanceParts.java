package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability;
import com.dalibo.pgbackrest.command.PgBackRestServer;
import com.dalibo.pgbackrest.sidecar.backup.BackupMemory;
import com.dalibo.pgbackrest.sidecar.backup.BackupProof;
import com.dalibo.pgbackrest.sidecar.backup.BackupRequests;
import com.dalibo.pgbackrest.sidecar.backup.BackupStatistics;
import com.dalibo.pgbackrest.sidecar.backup.BaseBackups;
import com.dalibo.pgbackrest.sidecar.backup.DeletionWatch;
import com.dalibo.pgbackrest.sidecar.backup.InterruptedBackups;
import com.dalibo.pgbackrest.sidecar.backup.RunningBackupMarkers;
import com.dalibo.pgbackrest.sidecar.metrics.MetricsEndpoint;
import com.dalibo.pgbackrest.sidecar.metrics.MetricsState;
import com.dalibo.pgbackrest.sidecar.restore.PodBootstrap;
import com.dalibo.pgbackrest.sidecar.retention.BackupClient;
import com.dalibo.pgbackrest.sidecar.retention.DeletedBackups;
import com.dalibo.pgbackrest.sidecar.retention.Expiry;
import com.dalibo.pgbackrest.sidecar.retention.RetentionPreview;
import com.dalibo.pgbackrest.sidecar.retention.RetentionUpkeep;
import com.dalibo.pgbackrest.sidecar.standby.PeerFiles;
import com.dalibo.pgbackrest.sidecar.standby.PeerServer;
import com.dalibo.pgbackrest.sidecar.standby.StandbyBackup;
import com.dalibo.pgbackrest.sidecar.status.RepositorySurvey;
import com.dalibo.pgbackrest.sidecar.status.StatusRefresh;
import com.dalibo.pgbackrest.sidecar.status.StatusWriter;
import com.dalibo.pgbackrest.sidecar.status.Survey;
import com.dalibo.pgbackrest.sidecar.verify.Verification;
import com.dalibo.pgbackrest.sidecar.wal.ReadyWal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// What the sidecar is made of beside an instance: backups, the status of the Stanza, the metrics,
/// the server from which the primary's sidecar hands out files for backups from a standby, and what
/// makes the data directory of a pod that has none yet.
final class InstanceParts {
  private static final Duration DELETION_CHECK = Duration.ofSeconds(5);

  private final SidecarParts parts;
  private final BackupStatistics statistics = new BackupStatistics();
  private final Expiry expiry = new Expiry();
  private final AtomicReference<Optional<Survey>> survey = new AtomicReference<>(Optional.empty());
  private final RunningBackupMarkers markers;
  private final BackupClient objects;
  private final Verification verification;

  private InstanceParts(SidecarParts parts) {
    this.parts = parts;
    markers = new RunningBackupMarkers(parts.settings.workDirectory().resolve("backups"));
    objects = new BackupClient(parts.api, parts.events);
    verification = new Verification(parts.settings.pgData(), parts.intervals.verifyAgain());
  }

  static ModeServices of(SidecarParts parts) throws IOException {
    return new InstanceParts(parts).assemble();
  }

  private ModeServices assemble() throws IOException {
    var settings = parts.settings;
    var bootstrap =
        new PodBootstrap(
            settings.recoversFromSnapshots(),
            parts.snapshots,
            settings.pgData(),
            settings.workDirectory());
    bootstrap.begin();
    if (settings.recoversFromSnapshots()) {
      parts.snapshotTries(true).start();
    }
    reportInterruptedBackups();
    var housekeeping = housekeeping(bootstrap);
    var peerServer = peerServer();
    parts.archiving.onTurn(housekeeping::wake);
    return new ModeServices(
        List.of(
            PluginCapability.Service.Type.TYPE_BACKUP_SERVICE,
            PluginCapability.Service.Type.TYPE_METRICS,
            PluginCapability.Service.Type.TYPE_RESTORE_JOB),
        List.of(
            new BackupService(
                new BackupRequests(
                    baseBackups(),
                    new DeletionWatch(objects, DELETION_CHECK),
                    statistics,
                    markers,
                    parts.events),
                housekeeping),
            new MetricsService(this::metrics),
            RestoreParts.inPod(parts)),
        () -> {
          housekeeping.start();
          peerServer.start();
        },
        () -> {
          housekeeping.close();
          peerServer.close();
          bootstrap.end();
        });
  }

  private void reportInterruptedBackups() {
    var limit = parts.memory.get();
    limit.warnIfLow();
    new InterruptedBackups(parts.settings.podName(), markers, limit, statistics, parts.events)
        .report();
  }

  private BaseBackups baseBackups() {
    var settings = parts.settings;
    return new BaseBackups(
        settings.podName(),
        settings.pgData(),
        parts.sessions,
        parts.guard,
        parts.creation,
        parts.upgrade,
        new StandbyBackup(settings, parts.runner, parts.peerFiles, parts.primaryLocator),
        expiry,
        new BackupProof(settings.pgData(), parts.intervals.walOfBackup()),
        new BackupMemory(
            parts.memory, parts.walProcesses, settings.podName(), settings.pgData(), parts.events),
        parts.intervals.lockPause());
  }

  private Housekeeping housekeeping(PodBootstrap bootstrap) {
    return new Housekeeping(
        parts.settings,
        bootstrap,
        parts.intervals,
        parts.clusters,
        parts.sessions,
        new StatusRefresh(
            new RepositorySurvey(parts.settings.pgData(), parts.archiving, verification),
            new StatusWriter(parts.stanzas, parts.events),
            new RetentionPreview(),
            parts.intervals.gaps()),
        survey,
        new RetentionUpkeep(
            objects,
            new DeletedBackups(objects, parts.clusters, parts.events, parts.intervals.deletion()),
            expiry),
        verification,
        new MetricsEndpoint(parts.api, parts.settings.exporterPort(), this::metrics));
  }

  private MetricsState metrics() {
    return new MetricsState(
        survey.get(),
        statistics.lastFailure(),
        parts.archiving.counts(),
        ReadyWal.in(parts.settings.pgData()),
        Instant.now());
  }

  private PeerServer peerServer() {
    return new PeerServer(
        parts.peerFiles,
        new PgBackRestServer(
            parts.settings.program(),
            parts.runner,
            parts.peerFiles.serverConfiguration(),
            parts.peerFiles::host,
            PeerFiles.PORT),
        parts.clusters,
        parts.intervals.look());
  }
}
