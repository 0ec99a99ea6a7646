package com.dalibo.pgbackrest.sidecar.retention;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.kubernetes.ClusterReader;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.DeletionPolicy;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.reason.BackupReason;
import com.dalibo.pgbackrest.stanza.contract.SidecarContract;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// Lets the repository follow deleted Backup objects, where `deletionPolicy: ExpireBackup` of the
/// Stanza asks for it.
public final class DeletedBackups {
  private static final Log log = Log.named("backup-objects");

  private final BackupClient objects;
  private final ClusterReader clusters;
  private final Events events;
  private final Duration grace;

  /// By uid, when a deleted object was first seen.
  private final Map<String, Instant> seen = new HashMap<>();

  /// @param grace how long an object has been deleted before its backup goes: whoever deletes a
  ///   namespace may delete its Backup objects before the Cluster, but not by so much
  public DeletedBackups(
      BackupClient objects, ClusterReader clusters, Events events, Duration grace) {
    this.objects = objects;
    this.clusters = clusters;
    this.events = events;
    this.grace = grace;
  }

  void follow(Cluster cluster, StanzaSession session)
      throws KubernetesException, InterruptedException {
    var stanza = session.stanza();
    var policy = Objects.requireNonNullElse(stanza.spec().deletionPolicy(), DeletionPolicy.RETAIN);
    var listed = objects.list(cluster);
    seen.keySet().retainAll(listed.stream().map(BackupObject::uid).collect(Collectors.toSet()));
    for (var object : listed) {
      if (!object.cluster().equals(cluster.name())) {
        continue;
      }
      var ours = ExpiredBackups.isOurs(object, cluster, stanza);
      switch (DeletionAction.of(object, ours, policy, cluster.isBeingDeleted())) {
        case NOTHING -> {}
        case HOLD -> hold(cluster, object);
        case RELEASE -> release(cluster, object);
        case EXPIRE -> expire(cluster, session, object);
      }
    }
  }

  private void hold(Cluster cluster, BackupObject object)
      throws KubernetesException, InterruptedException {
    var finalizers = new ArrayList<>(object.finalizers());
    finalizers.add(SidecarContract.FINALIZER);
    objects.finalizers(cluster, object, finalizers);
  }

  private void release(Cluster cluster, BackupObject object)
      throws KubernetesException, InterruptedException {
    var finalizers = new ArrayList<>(object.finalizers());
    finalizers.remove(SidecarContract.FINALIZER);
    objects.finalizers(cluster, object, finalizers);
  }

  /// A repository that has trouble keeps the object until it has done it.
  private void expire(Cluster cluster, StanzaSession session, BackupObject object)
      throws KubernetesException, InterruptedException {
    var now = Instant.now();
    if (now.isBefore(seen.computeIfAbsent(object.uid(), _ -> now).plus(grace))) {
      return;
    }
    // Asking repositories takes time, in which the Cluster may have gone.
    if (!clusters.stays(cluster)) {
      release(cluster, object);
      return;
    }
    var repository = ExpiredBackups.repository(object, session.repositories());
    if (repository.isEmpty()) {
      events.warning(
          cluster,
          BackupReason.BACKUP_NOT_EXPIRED,
          "backup '%s' (%s) was deleted, but its repository is no longer at the same place in the Stanza, so nothing was removed there"
              .formatted(object.name(), object.label()));
      release(cluster, object);
      return;
    }
    try {
      if (isThere(session, repository.get(), object)) {
        var _ = session.pgBackRest().expire(repository.get().index(), object.label());
        log.info(
            "removed the backup of a deleted Backup object",
            session.names(
                repository.get(), "backup", object.name(), "backupLabel", object.label()));
        events.normal(
            cluster,
            BackupReason.BACKUP_DELETED,
            "backup '%s' (%s) was removed from repository %s of stanza '%s', with the backups that build on it, because its Backup object was deleted (deletionPolicy: ExpireBackup)"
                .formatted(
                    object.name(),
                    object.label(),
                    repository.get().label(),
                    session.stanza().name()));
      }
      release(cluster, object);
    } catch (PgBackRestException failure) {
      events.warning(
          cluster,
          BackupReason.BACKUP_NOT_EXPIRED,
          "backup '%s' (%s) was deleted, but could not be removed from repository %s yet: %s"
              .formatted(
                  object.name(), object.label(), repository.get().label(), failure.getMessage()));
    }
  }

  private static boolean isThere(StanzaSession session, Repository repository, BackupObject object)
      throws PgBackRestException, InterruptedException {
    var info = session.info(repository.index());
    return info.flatMap(there -> there.backup(repository.index(), object.label())).isPresent()
        || info.flatMap(there -> there.repository(repository.index()))
            .filter(state -> !state.readable())
            .isPresent();
  }
}
