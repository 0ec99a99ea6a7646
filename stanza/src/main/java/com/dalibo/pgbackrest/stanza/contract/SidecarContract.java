package com.dalibo.pgbackrest.stanza.contract;

import com.dalibo.pgbackrest.cnpgi.Plugin;

/// The sidecar's container as the operator puts it into a pod, and as the sidecar finds it.
public final class SidecarContract {

  /// The name of the container.
  public static final String CONTAINER = "pgbackrest-plugin";

  /// On a Backup object, until the sidecar has removed its backup from the repositories; the
  /// operator removes it where no sidecar is left.
  public static final String FINALIZER = Plugin.NAME + "/expire-backup";

  /// The program of the image that asks the sidecar whether it is ready.
  public static final String PROBE = "/usr/local/bin/plugin-probe";

  /// Shared by all containers of the pod: where CNPG looks for the sockets of plugins.
  public static final String PLUGINS_DIRECTORY = "/plugins";

  /// The sidecar's socket, named as CNPG expects.
  public static final String SOCKET = PLUGINS_DIRECTORY + "/" + Plugin.NAME;

  /// In memory, of this container alone: pgbackrest.conf, keys and certificates.
  public static final String RUN_DIRECTORY = "/run/" + CONTAINER;

  /// CNPG's scratch volume, shared with PostgreSQL's container.
  public static final String CONTROLLER_DIRECTORY = "/controller";

  /// The directory of PostgreSQL's socket, unless CNPG says another.
  public static final String POSTGRES_SOCKET_DIRECTORY = CONTROLLER_DIRECTORY + "/run";

  /// Where CNPG's instance manager keeps PostgreSQL's keys and certificates.
  public static final String CERTIFICATE_DIRECTORY = CONTROLLER_DIRECTORY + "/certificates";

  /// Locks, spool and temporary files.
  public static final String WORK_DIRECTORY = CONTROLLER_DIRECTORY + "/tmp/" + CONTAINER;

  /// A file for each WAL file that was confirmed to be nowhere, read by `restore_command`.
  public static final String MISS_DIRECTORY = CONTROLLER_DIRECTORY + "/tmp/pgbackrest-miss";

  /// Where the claims of volume repositories are mounted, each under its name.
  public static final String VOLUMES_DIRECTORY = "/var/lib/pgbackrest";

  private SidecarContract() {}
}
