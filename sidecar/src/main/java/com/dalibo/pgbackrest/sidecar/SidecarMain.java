package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.IdentityService;
import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.PluginServer;
import com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability;
import com.dalibo.pgbackrest.program.PgBackRestServer;
import com.dalibo.pgbackrest.program.ProgramRunner;
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
  static Sidecar start(SidecarSettings settings) throws IOException {
    return start(settings, Pace.NORMAL);
  }

  static Sidecar start(SidecarSettings settings, Pace pace) throws IOException {
    var files = new PeerFiles(settings, InstantSource.system());
    return start(settings, files, Peers.alike(settings, files), pace);
  }

  static Sidecar start(SidecarSettings settings, PeerFiles peerFiles, Peers peers, Pace pace)
      throws IOException {
    var directories = new WorkDirectories(settings);
    directories.prepare();
    var runner = new ProgramRunner(Duration.ofSeconds(3), settings.cloudIdentity());
    var api = new KubernetesApi(settings.kubernetes(), settings.serviceAccountDirectory());
    var stanzas = new KubernetesStanzas(api);
    var events = new Events(api, settings.podName());
    var sessions = new StanzaSessions(new StanzaOpener(settings, stanzas, stanzas, runner));
    var ownership = new Ownership(stanzas);
    var guard =
        new ArchiveGuard(settings.pgData(), sessions, ownership, events, pace.recordAgain());
    var archive = new ArchiveRecord();
    var creation = new StanzaCreation(settings.workDirectory().resolve("creation-lock"));
    var upgrade = new StanzaUpgrade(settings.pgData(), ownership, events);
    var misses = new Misses(settings.missDirectory());
    var archiver =
        new WalArchiver(
            settings.pgData(),
            sessions,
            guard,
            new WalPush(creation, upgrade),
            new ForeignHistory(settings.podName(), settings.workDirectory()),
            archive,
            events);
    var probe = new WalProbe();
    var forks =
        new ForkGuard(
            settings.podName(),
            settings.pgData(),
            settings.workDirectory(),
            probe,
            InstantSource.system());
    var clusters = new ClusterReader(api, settings.namespace(), settings.clusterName());
    var fetcher =
        new WalFetcher(
            settings.podName(),
            sessions,
            probe,
            forks,
            new RecoveryGaps(
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
        var backups = new BackupRecord();
        var marks = new BackupMarks(settings.workDirectory().resolve("backups"));
        var limit = MemoryLimit.ofContainer();
        limit.warnIfLow();
        new CutOffBackups(settings.podName(), marks, limit, backups, events).tell();
        var expirations = new Expirations();
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
        var observed = new AtomicReference<>(Optional.<Observation>empty());
        Supplier<MetricsState> metrics =
            () ->
                new MetricsState(
                    observed.get(),
                    backups.lastFailure(),
                    archive.counts(),
                    WaitingWal.in(settings.pgData()),
                    Instant.now());
        var objects = new BackupObjects(api, events);
        var verification = new Verification(settings.pgData(), pace.verifyAgain());
        var housekeeping =
            new Housekeeping(
                settings,
                pace,
                clusters,
                sessions,
                new StatusUpkeep(
                    new StatusRound(settings.pgData(), archive, verification),
                    new StanzaStatusWriter(stanzas, events),
                    new RetentionPreview(),
                    pace.gaps()),
                observed,
                new BackupUpkeep(
                    objects,
                    new DeletedBackups(objects, clusters, events, pace.deletion()),
                    expirations),
                verification,
                new Exporter(api, settings.exporterPort(), metrics));
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
                    new BackupWatch(objects, Duration.ofSeconds(5)),
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
                Persistence.ofMinutes(events),
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
    var sidecar = new Sidecar(server.start(), archiver, ends, runner);
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
