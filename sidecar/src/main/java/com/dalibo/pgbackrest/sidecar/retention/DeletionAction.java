package com.dalibo.pgbackrest.sidecar.retention;

import com.dalibo.pgbackrest.stanza.api.DeletionPolicy;
import com.dalibo.pgbackrest.stanza.contract.SidecarContract;

/// What has to be done about a Backup object so that deleting it does what `deletionPolicy` of the
/// Stanza says. A finalizer holds a deleted object until its backup is gone from the repository.
enum DeletionAction {
  NOTHING,
  /// Put our finalizer on it.
  HOLD,
  /// Remove its backup from the repository, then our finalizer.
  EXPIRE,
  /// Remove our finalizer: nothing is to be done in a repository.
  RELEASE;

  /// Of an object that names this cluster.
  ///
  /// @param ours whether it also is of this cluster by uid, and of its stanza
  /// @param clusterGoes whether the Cluster itself is being deleted: its backups are what is left
  ///   of it, whatever the policy says
  static DeletionAction of(
      BackupObject object, boolean ours, DeletionPolicy policy, boolean clusterGoes) {
    var held = object.finalizers().contains(SidecarContract.FINALIZER);
    var expires = policy == DeletionPolicy.EXPIRE_BACKUP && !clusterGoes;
    if (!held) {
      return ours && expires && !object.beingDeleted() ? HOLD : NOTHING;
    }
    if (!expires) {
      return RELEASE;
    }
    if (!object.beingDeleted()) {
      return NOTHING;
    }
    return ours ? EXPIRE : RELEASE;
  }
}
