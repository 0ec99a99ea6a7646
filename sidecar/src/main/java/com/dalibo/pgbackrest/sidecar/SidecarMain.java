package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.IdentityService;
import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.PluginServer;
import com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability;
import com.dalibo.pgbackrest.command.PgBackRestServer;
import com.dalibo.pgbackrest.process.ProgramRunner;
import com.dalibo.pgbackrest.sidecar.backup.BackupProof;
import com.dalibo.pgbackrest.sidecar.backup.BackupStatistics;
import com.dalibo.pgbackrest.sidecar.backup.BaseBackups;
import com.dalibo.pgbackrest.sidecar.backup.DeletionWatch;
import com.dalibo.pgbackrest.sidecar.backup.InterruptedBackups;
import com.dalibo.pgbackrest.sidecar.backup.RunningBackupMarkers;
import com.dalibo.pgbackrest.sidecar.failure.Log;
import com.dalibo.pgbackrest.sidecar.kubernetes.ClusterReader;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesApi;
import com.dalibo.pgbackrest.sidecar.kubernetes.StanzaClient;
import com.dalibo.pgbackrest.sidecar.metrics.MetricsEndpoint;
import com.dalibo.pgbackrest.sidecar.metrics.MetricsState;
import com.dalibo.pgbackrest.sidecar.ownership.OwnerStatus;
import com.dalibo.pgbackrest.sidecar.ownership.OwnershipGuard;
import com.dalibo.pgbackrest.sidecar.restore.BackupCopy;
import com.dalibo.pgbackrest.sidecar.restore.RecoveryConfiguration;
import com.dalibo.pgbackrest.sidecar.restore.RecoverySource;
import com.dalibo.pgbackrest.sidecar.restore.Restoration;
import com.dalibo.pgbackrest.sidecar.restore.RestoreRetryPolicy;
import com.dalibo.pgbackrest.sidecar.restore.SnapshotRecovery;
import com.dalibo.pgbackrest.sidecar.restore.Volumes;
import com.dalibo.pgbackrest.sidecar.retention.BackupClient;
import com.dalibo.pgbackrest.sidecar.retention.DeletedBackups;
import com.dalibo.pgbackrest.sidecar.retention.Expiry;
import com.dalibo.pgbackrest.sidecar.retention.RetentionPreview;
import com.dalibo.pgbackrest.sidecar.retention.RetentionUpkeep;
import com.dalibo.pgbackrest.sidecar.session.StanzaOpener;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.sidecar.settings.Intervals;
import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.sidecar.standby.PeerFiles;
import com.dalibo.pgbackrest.sidecar.standby.PeerServer;
import com.dalibo.pgbackrest.sidecar.standby.PrimaryLocator;
import com.dalibo.pgbackrest.sidecar.standby.StandbyBackup;
import com.dalibo.pgbackrest.sidecar.stanza.StanzaCreation;
import com.dalibo.pgbackrest.sidecar.stanza.StanzaUpgrade;
import com.dalibo.pgbackrest.sidecar.status.RepositorySurvey;
import com.dalibo.pgbackrest.sidecar.status.StatusRefresh;
import com.dalibo.pgbackrest.sidecar.status.StatusWriter;
import com.dalibo.pgbackrest.sidecar.status.Survey;
import com.dalibo.pgbackrest.sidecar.verify.Verification;
import com.dalibo.pgbackrest.sidecar.wal.ReadyWal;
import com.dalibo.pgbackrest.sidecar.walarchive.ArchivingStatistics;
import com.dalibo.pgbackrest.sidecar.walarchive.ConflictingHistory;
import com.dalibo.pgbackrest.sidecar.walarchive.WalArchiver;
import com.dalibo.pgbackrest.sidecar.walarchive.WalPush;
import com.dalibo.pgbackrest.sidecar.walrestore.NotFoundMarkers;
import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryGapCheck;
import com.dalibo.pgbackrest.sidecar.walrestore.StalledSegment;
import com.dalibo.pgbackrest.sidecar.walrestore.TimelineGuard;
import com.dalibo.pgbackrest.sidecar.walrestore.WalGet;
import com.dalibo.pgbackrest.sidecar.walrestore.WalRestorer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// The sidecar: what runs beside PostgreSQL, and in the job that restores one, and answers CNPG on
/// a UNIX socket.
public final class SidecarMain {

  private static final Log log = Log.named("sidecar");

  private SidecarMain() {}

  public static void main(String... arguments) throws Exception {
    if (List.of(arguments).contains("--train")) {
      Training.run();
      return;
    }
    SidecarSettings settings;
    try {
      settings = SidecarSettings.fromEnvironment();
    } catch (IllegalArgumentException problems) {
      String.valueOf(problems.getMessage()).lines().forEach(problem -> log.error(problem, null));
      System.exit(2);
      return;
    }
    Log.threshold(settings.logLevel());
    var sidecar = start(settings);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(sidecar::stop));
    sidecar.awaitTermination();
  }

  /// The parts list. Nothing here talks to Kubernetes or starts a program: CNPG waits for the
  /// socket before it starts PostgreSQL.
  static RunningSidecar start(SidecarSettings settings) throws IOException {
    return start(settings, Intervals.NORMAL);
  }

  static RunningSidecar start(SidecarSettings settings, Intervals pace) throws IOException {
    var files = new PeerFiles(settings, InstantSource.system());
    return start(settings, files, PrimaryLocator.alike(settings, files), pace);
  }

  static RunningSidecar start(
      SidecarSettings settings, PeerFiles peerFiles, PrimaryLocator peers, Intervals pace)
      throws IOException {
    var directories = new WorkDirectories(settings);
    directories.prepare();
    var runner = new ProgramRunner(Duration.ofSeconds(3), settings.cloudIdentity());
    var api = new KubernetesApi(settings.kubernetes(), settings.serviceAccountDirectory());
    var stanzas = new StanzaClient(api);
    var events = new Events(api, settings.podName());
    var sessions = new StanzaSessions(new StanzaOpener(settings, stanzas, stanzas, runner));
    var ownership = new OwnerStatus(stanzas);
    var guard =
        new OwnershipGuard(settings.pgData(), sessions, ownership, events, pace.recordAgain());
    var archive = new ArchivingStatistics();
    var creation = new StanzaCreation(settings.workDirectory().resolve("creation-lock"));
    var upgrade = new StanzaUpgrade(settings.pgData(), ownership, events);
    var misses = new NotFoundMarkers(settings.missDirectory());
    var archiver =
        new WalArchiver(
            settings.pgData(),
            sessions,
            guard,
            new WalPush(creation, upgrade),
            new ConflictingHistory(settings.podName(), settings.workDirectory()),
            archive,
            events);
    var probe = new WalGet();
    var forks =
        new TimelineGuard(
            settings.podName(),
            settings.pgData(),
            settings.workDirectory(),
            probe,
            InstantSource.system());
    var clusters = new ClusterReader(api, settings.namespace(), settings.clusterName());
    var fetcher =
        new WalRestorer(
            settings.podName(),
            sessions,
            probe,
            forks,
            new RecoveryGapCheck(
                settings.pgData(),
                clusters,
                new StalledSegment(pace.stall(), InstantSource.system()),
                events),
            misses,
            events);
    var peerServer =
        new PeerServer(
            peerFiles,
            new PgBackRestServer(settings.program(), runner, peerFiles.serverConfiguration()),
            clusters,
            pace.look());
    var server =
        PluginServer.onUnixSocket(settings.socket()).add(new WalService(archiver, fetcher));
    var snapshots = new SnapshotRecovery(settings.pgData(), settings.missDirectory(), misses);
    var ends = new ArrayList<Runnable>();
    switch (settings.role()) {
      case INSTANCE -> {
        snapshots.end();
        var backups = new BackupStatistics();
        var marks = new RunningBackupMarkers(settings.workDirectory().resolve("backups"));
        var limit = MemoryLimit.ofContainer();
        limit.warnIfLow();
        new InterruptedBackups(settings.podName(), marks, limit, backups, events).tell();
        var expirations = new Expiry();
        var baseBackups =
            new BaseBackups(
                settings.podName(),
                settings.pgData(),
                sessions,
                guard,
                creation,
                upgrade,
                new StandbyBackup(settings, runner, peerFiles, peers),
                expirations,
                new BackupProof(settings.pgData(), pace.walOfBackup()),
                pace.lockPause());
        var observed = new AtomicReference<>(Optional.<Survey>empty());
        Supplier<MetricsState> metrics =
            () ->
                new MetricsState(
                    observed.get(),
                    backups.lastFailure(),
                    archive.counts(),
                    ReadyWal.in(settings.pgData()),
                    Instant.now());
        var objects = new BackupClient(api, events);
        var verification = new Verification(settings.pgData(), pace.verifyAgain());
        var housekeeping =
            new Housekeeping(
                settings,
                pace,
                clusters,
                sessions,
                new StatusRefresh(
                    new RepositorySurvey(settings.pgData(), archive, verification),
                    new StatusWriter(stanzas, events),
                    new RetentionPreview(),
                    pace.gaps()),
                observed,
                new RetentionUpkeep(
                    objects,
                    new DeletedBackups(objects, clusters, events, pace.deletion()),
                    expirations),
                verification,
                new MetricsEndpoint(api, settings.exporterPort(), metrics));
        archive.onTurn(housekeeping::wake);
        server
            .add(
                new IdentityService(
                    List.of(
                        PluginCapability.Service.Type.TYPE_WAL_SERVICE,
                        PluginCapability.Service.Type.TYPE_BACKUP_SERVICE,
                        PluginCapability.Service.Type.TYPE_METRICS)))
            .add(
                new BackupService(
                    baseBackups,
                    new DeletionWatch(objects, Duration.ofSeconds(5)),
                    backups,
                    marks,
                    events,
                    housekeeping))
            .add(new MetricsService(metrics));
        ends.add(housekeeping.start()::close);
        ends.add(peerServer::close);
      }
      case RESTORE -> {
        if (settings.recoversFromSnapshots()) {
          snapshots.begin();
          ends.add(snapshots::end);
        }
        var volumes = Volumes.around(settings.pgData());
        var restoration =
            new Restoration(
                volumes,
                sessions,
                guard,
                new RecoverySource(sessions, events),
                new BackupCopy(
                    volumes, restoreProcesses(MemoryLimit.ofContainer()), Duration.ofSeconds(10)),
                misses,
                RecoveryConfiguration.ofCnpg(settings.missDirectory()),
                RestoreRetryPolicy.ofMinutes(events),
                events);
        server
            .add(
                new IdentityService(
                    List.of(
                        PluginCapability.Service.Type.TYPE_RESTORE_JOB,
                        PluginCapability.Service.Type.TYPE_WAL_SERVICE)))
            .add(new RestoreService(restoration, events));
      }
    }
    var sidecar = new RunningSidecar(server.start(), archiver, ends, runner);
    if (settings.role() == SidecarSettings.Role.INSTANCE) {
      peerServer.start();
    }
    log.info(
        "listening",
        "socket",
        settings.socket(),
        "role",
        settings.role(),
        "version",
        Plugin.version(),
        "java",
        Runtime.version());
    return sidecar;
  }

  /// There is no PostgreSQL yet that it would take anything from.
  private static int restoreProcesses(MemoryLimit limit) {
    return limit.isLow() ? 1 : Math.min(4, Runtime.getRuntime().availableProcessors());
  }
}
