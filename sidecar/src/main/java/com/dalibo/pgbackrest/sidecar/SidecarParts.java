package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.process.ProgramRunner;
import com.dalibo.pgbackrest.sidecar.kubernetes.ClusterReader;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesApi;
import com.dalibo.pgbackrest.sidecar.kubernetes.StanzaClient;
import com.dalibo.pgbackrest.sidecar.ownership.OwnerStatus;
import com.dalibo.pgbackrest.sidecar.ownership.OwnershipGuard;
import com.dalibo.pgbackrest.sidecar.restore.SnapshotRecovery;
import com.dalibo.pgbackrest.sidecar.restore.SnapshotTries;
import com.dalibo.pgbackrest.sidecar.restore.VolumeLock;
import com.dalibo.pgbackrest.sidecar.session.ProcessBound;
import com.dalibo.pgbackrest.sidecar.session.StanzaOpener;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.sidecar.session.WalProcesses;
import com.dalibo.pgbackrest.sidecar.settings.Intervals;
import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.sidecar.standby.PeerFiles;
import com.dalibo.pgbackrest.sidecar.standby.PrimaryLocator;
import com.dalibo.pgbackrest.sidecar.stanza.StanzaCreation;
import com.dalibo.pgbackrest.sidecar.stanza.StanzaUpgrade;
import com.dalibo.pgbackrest.sidecar.walarchive.ArchivingStatistics;
import com.dalibo.pgbackrest.sidecar.walarchive.ConflictingHistory;
import com.dalibo.pgbackrest.sidecar.walarchive.LookAhead;
import com.dalibo.pgbackrest.sidecar.walarchive.WalArchiver;
import com.dalibo.pgbackrest.sidecar.walarchive.WalPush;
import com.dalibo.pgbackrest.sidecar.walrestore.ArchivedHistories;
import com.dalibo.pgbackrest.sidecar.walrestore.LeftWalGuard;
import com.dalibo.pgbackrest.sidecar.walrestore.NotFoundMarkers;
import com.dalibo.pgbackrest.sidecar.walrestore.Prefetch;
import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryGapCheck;
import com.dalibo.pgbackrest.sidecar.walrestore.StalledSegment;
import com.dalibo.pgbackrest.sidecar.walrestore.TimelineGuard;
import com.dalibo.pgbackrest.sidecar.walrestore.WalGet;
import com.dalibo.pgbackrest.sidecar.walrestore.WalRestorer;
import com.dalibo.pgbackrest.stanza.api.reason.ClusterReason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/// What the sidecar is made of beside an instance as well as in a job that restores one: the way to
/// Kubernetes and to the Stanzas, and what archives and restores WAL.
///
/// Nothing here talks to Kubernetes or starts a program: CNPG waits for the socket before it starts
/// PostgreSQL.
final class SidecarParts {
  final SidecarSettings settings;
  final Intervals intervals;
  final PeerFiles peerFiles;
  final PrimaryLocator primaryLocator;

  final ProgramRunner runner;
  final KubernetesApi api;
  final StanzaClient stanzas;
  final Events events;
  final ClusterReader clusters;
  final StanzaSessions sessions;

  final OwnerStatus owners;
  final OwnershipGuard guard;
  final StanzaCreation creation;
  final StanzaUpgrade upgrade;
  final ArchivingStatistics archiving;
  final NotFoundMarkers notFound;
  final SnapshotRecovery snapshots;
  final VolumeLock lock;
  final Supplier<MemoryLimit> memory;
  final WalProcesses walProcesses;

  SidecarParts(
      SidecarSettings settings,
      PeerFiles peerFiles,
      PrimaryLocator primaryLocator,
      Intervals intervals,
      Supplier<MemoryLimit> memory) {
    this.settings = settings;
    this.intervals = intervals;
    this.memory = memory;
    walProcesses = new WalProcesses(memory);
    this.peerFiles = peerFiles;
    this.primaryLocator = primaryLocator;
    runner = new ProgramRunner(Duration.ofSeconds(3), settings.cloudIdentity());
    api = new KubernetesApi(settings.kubernetes(), settings.serviceAccountDirectory());
    stanzas = new StanzaClient(api);
    events = new Events(api, settings.podName());
    clusters = new ClusterReader(api, settings.namespace(), settings.clusterName());
    sessions =
        new StanzaSessions(
            new StanzaOpener(
                settings,
                stanzas,
                runner,
                new ProcessBound(
                    memory,
                    (cluster, message) ->
                        events.warning(cluster, ClusterReason.PROCESSES_REDUCED, message))));
    owners = new OwnerStatus(stanzas);
    guard =
        new OwnershipGuard(settings.pgData(), sessions, owners, events, intervals.recordAgain());
    creation = new StanzaCreation(settings.workDirectory().resolve("creation-lock"));
    upgrade = new StanzaUpgrade(settings.pgData(), owners, events);
    archiving = new ArchivingStatistics();
    notFound = new NotFoundMarkers(settings.missDirectory());
    lock = new VolumeLock(settings.pgData(), settings.workDirectory());
    snapshots = new SnapshotRecovery(settings.pgData(), settings.missDirectory(), notFound);
  }

  /// What counts the tries of a recovery from volume snapshots.
  ///
  /// @param inPod whether it recovers in the pod of the instance, and in no job
  SnapshotTries snapshotTries(boolean inPod) {
    return new SnapshotTries(settings.pgData(), settings.podName(), inPod, clusters, events);
  }

  /// What archives the WAL of this instance.
  WalArchiver archiver() {
    var ahead = new LookAhead(sessions, guard, creation, walProcesses);
    return new WalArchiver(
        settings.pgData(),
        sessions,
        guard,
        new WalPush(creation, upgrade, ahead),
        ahead,
        new ConflictingHistory(settings.podName(), settings.workDirectory(), ahead),
        archiving,
        events);
  }

  /// What restores WAL for this instance.
  WalRestorer restorer() {
    var get = new WalGet(settings.pgData(), runner);
    var histories = new ArchivedHistories(settings.workDirectory(), get);
    return new WalRestorer(
        settings.podName(),
        settings.pgData(),
        sessions,
        get,
        prefetch(get),
        new TimelineGuard(settings.podName(), settings.pgData(), histories, InstantSource.system()),
        new LeftWalGuard(settings.pgData(), histories, events),
        new RecoveryGapCheck(
            settings.pgData(),
            histories,
            clusters,
            new StalledSegment(intervals.stall(), InstantSource.system()),
            events),
        notFound,
        events);
  }

  private Prefetch prefetch(WalGet get) {
    return new Prefetch(settings.pgData(), sessions, get, walProcesses);
  }
}
