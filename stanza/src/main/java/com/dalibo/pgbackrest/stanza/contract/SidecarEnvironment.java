package com.dalibo.pgbackrest.stanza.contract;

import java.util.List;

/// The environment variables of the sidecar's container.
public final class SidecarEnvironment {

  /// A [SidecarMode]; set by the operator.
  public static final String MODE = "PLUGIN_ROLE";

  /// `true` where a new cluster gets its data from volume snapshots; set by the operator.
  public static final String SNAPSHOT_RECOVERY = "PLUGIN_SNAPSHOT_RECOVERY";

  /// The PluginConfig's `logLevel`; set by the operator.
  public static final String LOG_LEVEL = "PLUGIN_LOG_LEVEL";

  /// The name of the Stanza that a [SidecarMode#INSPECTION] is about; set by the operator.
  public static final String STANZA_NAME = "PLUGIN_STANZA";

  /// The name of the RestorePlan that a [SidecarMode#PLAN] is about; set by the operator.
  public static final String PLAN_NAME = "PLUGIN_PLAN";

  /// The image of PostgreSQL in the Cluster that archives to the Stanza of a plan; set by the
  /// operator where that Cluster is there.
  public static final String PLAN_IMAGE = "PLUGIN_PLAN_IMAGE";

  /// The fingerprint that goes into `status.inspection.request` of a Stanza, or `status.request` of
  /// a RestorePlan; set by the operator.
  public static final String INSPECTION_REQUEST = "PLUGIN_INSPECTION_REQUEST";

  public static final String CLUSTER_NAME = "CLUSTER_NAME";
  public static final String NAMESPACE = "NAMESPACE";
  public static final String PGDATA = "PGDATA";
  public static final String PGHOST = "PGHOST";
  public static final String PGPORT = "PGPORT";
  public static final String POD_NAME = "POD_NAME";

  /// What the operator copies from PostgreSQL's container, where CNPG sets it.
  public static final List<String> OF_CNPG =
      List.of(CLUSTER_NAME, NAMESPACE, PGDATA, PGHOST, PGPORT, POD_NAME);

  /// What a cloud puts into the pods of a service account that has an identity there, and
  /// pgBackRest reads: for keyType pod-id the first two, for web-id the others.
  public static final List<String> OF_CLOUDS =
      List.of(
          "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
          "AWS_CONTAINER_CREDENTIALS_FULL_URI",
          "AWS_ROLE_ARN",
          "AWS_WEB_IDENTITY_TOKEN_FILE");

  // Nobody sets these in a pod: each has a default in SidecarContract. They are for a sidecar that
  // runs without a pod.
  public static final String SOCKET = "PLUGIN_SOCKET";
  public static final String RUN_DIRECTORY = "PLUGIN_RUN_DIRECTORY";
  public static final String WORK_DIRECTORY = "PLUGIN_WORK_DIRECTORY";
  public static final String MISS_DIRECTORY = "PLUGIN_MISS_DIRECTORY";
  public static final String CERTIFICATE_DIRECTORY = "PLUGIN_CERTIFICATE_DIRECTORY";
  public static final String VOLUMES_DIRECTORY = "PLUGIN_VOLUMES_DIRECTORY";
  public static final String SERVICE_ACCOUNT_DIRECTORY = "PLUGIN_SERVICE_ACCOUNT_DIRECTORY";
  public static final String PROGRAM = "PLUGIN_PROGRAM";
  public static final String EXPORTER_PORT = "PLUGIN_EXPORTER_PORT";
  public static final String ADDRESS = "PLUGIN_ADDRESS";

  /// Set by the kubelet.
  public static final String KUBERNETES_HOST = "KUBERNETES_SERVICE_HOST";

  /// Set by the kubelet.
  public static final String KUBERNETES_PORT = "KUBERNETES_SERVICE_PORT";

  private SidecarEnvironment() {}
}
