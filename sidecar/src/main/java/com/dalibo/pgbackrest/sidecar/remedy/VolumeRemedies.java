package com.dalibo.pgbackrest.sidecar.remedy;

/// Of volumes with a repository, and of any store that is full.
final class VolumeRemedies {
  static final Remedy BROKEN =
      new Remedy(
          PodPath.REPOSITORY.broken(),
          "the storage behind the volume does not answer as it should: see that the file server or disk works; if it does and"
              + " the error stays, the mount is stale: delete the pod, which mounts the volume again");

  static final Remedy OF_CIFS =
      new Remedy(
          PodPath.REPOSITORY.withoutLinks(),
          "the file system of the volume has no symbolic links, or cannot sync directories, as with CIFS: set 'type: cifs' for"
              + " this repository in the Stanza");

  static final Remedy NOT_MOUNTED =
      new Remedy(
          "unable to create path(?! '[^']*': \\[(?:28|122)\\])|" + PodPath.REPOSITORY.readOnly(),
          "the volume is not mounted in this pod, or is not writable: restart the pod if the Stanza named the claim only after"
              + " the pod was started; otherwise give the user that PostgreSQL runs as write access");

  static final Remedy REFUSED =
      new Remedy(
          PodPath.REPOSITORY.refused(),
          "give the user that PostgreSQL runs as read and write access to the directory of the repository: correct its owner or"
              + " mode on the volume");

  static final Remedy FULL =
      new Remedy(
          PodPath.REPOSITORY.full()
              + "|No space left on device|Disk quota exceeded|XMinioStorageFull|QuotaExceeded|sftp error \\[1[45]\\]|\\[507\\] ",
          "the volume or bucket is full: enlarge it, or keep fewer backups");

  private VolumeRemedies() {}
}
