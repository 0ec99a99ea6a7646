package com.dalibo.pgbackrest.sidecar.remedy;

/// Of volumes of PostgreSQL and the scratch space of a pod, which are in no store.
final class PostgresVolumeRemedies {
  static final Remedy WAL_REFUSED =
      new Remedy(
          PodPath.WAL.refused(),
          "the path is in the WAL of PostgreSQL, not in a repository: give it to the user that PostgreSQL runs as"
              + " ('postgresUID' of the Cluster), with the modes of the files beside it; it is on the volume of 'walStorage',"
              + " or of 'storage' where the Cluster has no 'walStorage'");

  static final Remedy TABLESPACE_REFUSED =
      new Remedy(
          PodPath.TABLESPACE.refused(),
          "the path is in a tablespace of PostgreSQL, not in a repository: give it to the user that PostgreSQL runs as"
              + " ('postgresUID' of the Cluster), with the modes of the files beside it; it is on the volume of that name"
              + " under 'tablespaces'");

  static final Remedy DATA_REFUSED =
      new Remedy(
          PodPath.DATA.refused(),
          "the path is in the data directory of PostgreSQL, not in a repository: give it to the user that PostgreSQL runs as"
              + " ('postgresUID' of the Cluster), with the modes of the files beside it; it is on the volume of 'storage'");

  static final Remedy SCRATCH_REFUSED =
      new Remedy(
          PodPath.SCRATCH.refused(),
          "the path is in the scratch space of this pod, not in a repository: delete the pod, which gets an empty one; if the"
              + " error returns, let no policy or webhook give the containers of a pod different users");

  static final Remedy WAL_FULL =
      new Remedy(
          PodPath.WAL.full(),
          "the volume of PostgreSQL's WAL is full, not a repository: enlarge 'walStorage' of the Cluster, or 'storage' where it"
              + " has no 'walStorage'; WAL that waits to be archived leaves when archiving works");

  static final Remedy TABLESPACE_FULL =
      new Remedy(
          PodPath.TABLESPACE.full(),
          "the volume of a tablespace of PostgreSQL is full, not a repository: enlarge it under 'tablespaces' of the Cluster");

  static final Remedy DATA_FULL =
      new Remedy(
          PodPath.DATA.full(),
          "the data volume of PostgreSQL is full, not a repository: enlarge 'storage' of the Cluster; where the StorageClass"
              + " does not let volumes grow, a restore needs a new Cluster with larger ones");

  static final Remedy SCRATCH_FULL =
      new Remedy(
          PodPath.SCRATCH.full(),
          "the scratch space of this pod is full, not a repository: delete the pod, which gets an empty one; if the error"
              + " returns, the node lacks disk space or memory");

  static final Remedy READ_ONLY =
      new Remedy(
          String.join(
              "|", PodPath.WAL.readOnly(), PodPath.TABLESPACE.readOnly(), PodPath.DATA.readOnly()),
          "a volume of PostgreSQL is read-only, not a repository; the kernel makes it so when the disk is damaged or lost: look"
              + " at the kernel's log on the node (dmesg) and the events of the PersistentVolumeClaim, repair or replace the"
              + " volume, and delete the pod");

  static final Remedy BROKEN =
      new Remedy(
          String.join(
              "|", PodPath.WAL.broken(), PodPath.TABLESPACE.broken(), PodPath.DATA.broken()),
          "a volume of PostgreSQL fails, not a repository: look at the kernel's log on the node (dmesg), the storage behind the"
              + " volume and the events of the PersistentVolumeClaim, repair or replace the volume, and delete the pod");

  private PostgresVolumeRemedies() {}
}
