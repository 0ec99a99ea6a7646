package com.dalibo.pgbackrest.testbed.cnpg;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.PluginChannel;
import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupRequest;
import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.cnpgi.proto.identity.GetPluginCapabilitiesRequest;
import com.dalibo.pgbackrest.cnpgi.proto.identity.GetPluginMetadataRequest;
import com.dalibo.pgbackrest.cnpgi.proto.identity.IdentityGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability;
import com.dalibo.pgbackrest.cnpgi.proto.identity.ProbeRequest;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.CollectMetric;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.CollectMetricsRequest;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.MetricsGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.restore.RestoreJobHooksGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.restore.RestoreRequest;
import com.dalibo.pgbackrest.cnpgi.proto.restore.RestoreResponse;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALArchiveRequest;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALRestoreRequest;
import com.dalibo.pgbackrest.testbed.cnpg.CnpgVersion.RequestFields;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesObjects;
import com.dalibo.pgbackrest.testbed.kubernetes.Yaml;
import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Plays CNPG's instance manager in one pod: calls the plugin on its UNIX socket as CNPG does, and
/// answers the two small programs that PostgreSQL runs as `archive_command` and `restore_command`.
public final class InstanceManager implements AutoCloseable {
  private static final String EMPTY_ARCHIVE_MARKER = ".check-empty-wal-archive";

  private final Pod pod;
  private final ClusterDefinition cluster;
  private final CnpgVersion version;
  private final ManagedChannel channel;
  private final WalCommands commands;
  private final WalAnswers answers = new WalAnswers(this);

  private InstanceManager(Pod pod, ClusterDefinition cluster, CnpgVersion version)
      throws IOException {
    this.pod = pod;
    this.cluster = cluster;
    this.version = version;
    this.channel = PluginChannel.onUnixSocket(pod.pluginSocket());
    this.commands = WalCommands.serve(pod, answers::answer);
  }

  /// The sidecar need not run yet.
  public static InstanceManager start(Pod pod, ClusterDefinition cluster) {
    return start(pod, cluster, CnpgVersion.V1_30);
  }

  public static InstanceManager start(Pod pod, ClusterDefinition cluster, CnpgVersion version) {
    try {
      return new InstanceManager(pod, cluster, version);
    } catch (IOException e) {
      throw new UncheckedIOException("the instance manager cannot start", e);
    }
  }

  public ManagedChannel channel() {
    return channel;
  }

  public ClusterDefinition cluster() {
    return cluster;
  }

  public Pod pod() {
    return pod;
  }

  // -- Identity ----------------------------------------------------------------------------------

  public boolean probe() {
    return IdentityGrpc.newBlockingStub(channel)
        .probe(ProbeRequest.getDefaultInstance())
        .getReady();
  }

  /// Connects to a sidecar that was started again: CNPG does so for every call, this keeps its
  /// connection.
  public void reconnect() {
    channel.resetConnectBackoff();
    var _ =
        IdentityGrpc.newBlockingStub(channel)
            .withWaitForReady()
            .withDeadlineAfter(60, TimeUnit.SECONDS)
            .probe(ProbeRequest.getDefaultInstance());
  }

  /// What the sidecar says it serves, asked as CNPG does on every new connection.
  ///
  /// @throws IllegalStateException if the name is not the one the socket is called by
  public List<PluginCapability.Service.Type> services() {
    var identity = IdentityGrpc.newBlockingStub(channel);
    String name =
        identity.getPluginMetadata(GetPluginMetadataRequest.getDefaultInstance()).getName();
    if (!name.equals(Plugin.NAME)) {
      throw new IllegalStateException("the plugin calls itself '" + name + "'");
    }
    return identity
        .getPluginCapabilities(GetPluginCapabilitiesRequest.getDefaultInstance())
        .getCapabilitiesList()
        .stream()
        .map(capability -> capability.getService().getType())
        .toList();
  }

  // -- WAL ---------------------------------------------------------------------------------------

  /// Calls the plugin with one WAL file, wherever it is.
  public void archive(Path walFile) {
    var request =
        WALArchiveRequest.newBuilder()
            .setClusterDefinition(cluster.bytes())
            .setSourceFileName(walFile.toString());
    if (version.requestFields == RequestFields.V0_6) {
      request.setCheckEmptyWalArchive(
          Files.exists(emptyArchiveMarker()) && !cluster.skipsEmptyArchiveCheck());
    }
    var _ = WALGrpc.newBlockingStub(channel).archive(request.build());
  }

  /// Calls the plugin for one WAL file.
  public void restore(String name, Path destination, WALRestoreRequest.Mode mode) {
    var request =
        WALRestoreRequest.newBuilder()
            .setClusterDefinition(cluster.bytes())
            .setSourceWalName(name)
            .setDestinationFileName(destination.toString());
    if (version.requestFields == RequestFields.V0_6) {
      request.setMode(mode);
    }
    var _ = WALGrpc.newBlockingStub(channel).restore(request.build());
  }

  public void restore(String name, Path destination) {
    restore(name, destination, WALRestoreRequest.Mode.MODE_RECOVERY);
  }

  /// What CNPG does on a former primary before pg_rewind: archives all that is ready, with
  /// PostgreSQL down and without asking who the primary is.
  public void archiveAllReady() {
    Path directory = pod.pgData().resolve("pg_wal");
    Path status = directory.resolve("archive_status");
    try (var files = Files.list(status)) {
      for (Path ready :
          files.filter(file -> file.toString().endsWith(".ready")).sorted().toList()) {
        String name = ready.getFileName().toString().replace(".ready", "");
        archive(directory.resolve(name));
        Files.move(ready, status.resolve(name + ".done"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// For `archive_command`.
  public String archiveCommand() {
    return pod.binDirectory().resolve("wal-archive") + " %p";
  }

  /// For `restore_command`.
  public String restoreCommand() {
    return pod.binDirectory().resolve("wal-restore") + " %f %p";
  }

  /// A text for PostgreSQL's configuration that names CNPG's own `wal-restore`, with ours in place.
  String withOurWalRestore(String restoreConfiguration) {
    String cnpg =
        "/controller/manager wal-restore --log-destination /controller/log/postgres.json %f %p";
    if (!restoreConfiguration.contains(cnpg)) {
      throw new IllegalStateException(
          "the restore configuration does not call CNPG's wal-restore:\n" + restoreConfiguration);
    }
    return restoreConfiguration.replace(cnpg, restoreCommand());
  }

  /// The messages of failed `archive_command` runs, oldest first: what users see as the condition
  /// `ContinuousArchiving` of the Cluster.
  public List<String> archiveErrors() {
    return answers.archiveErrors();
  }

  /// The names of the files PostgreSQL had archived through `archive_command`, oldest first.
  public List<String> archived() {
    return answers.archived();
  }

  /// The names of the files PostgreSQL got through `restore_command`, oldest first.
  public List<String> restored() {
    return answers.restored();
  }

  /// The messages of failed `restore_command` runs, oldest first.
  public List<String> restoreErrors() {
    return answers.restoreErrors();
  }

  // -- Backup ------------------------------------------------------------------------------------

  /// Runs the Backup of this YAML; its uid is made up unless it has one.
  public BackupResult backup(String yaml) {
    return backup(Yaml.readOne(yaml));
  }

  public BackupResult backup(JsonObject written) {
    return BackupGrpc.newBlockingStub(channel).backup(backupRequest(written));
  }

  /// The request CNPG would send: for a call that is to be cancelled or run beside others.
  public BackupRequest backupRequest(JsonObject written) {
    JsonObject backup = written.deepCopy();
    JsonObject metadata = KubernetesObjects.metadata(backup);
    if (!metadata.has("namespace")) {
      metadata.addProperty("namespace", cluster.namespace());
    }
    if (!metadata.has("uid")) {
      metadata.addProperty("uid", java.util.UUID.randomUUID().toString());
    }
    var request =
        BackupRequest.newBuilder()
            .setClusterDefinition(cluster.bytes())
            .setBackupDefinition(ByteString.copyFromUtf8(backup.toString()));
    backupParameters(backup).forEach((name, value) -> request.putParameters(name, value));
    return request.build();
  }

  private static Map<String, String> backupParameters(JsonObject backup) {
    Map<String, String> parameters = new java.util.TreeMap<>();
    Optional.ofNullable(backup.getAsJsonObject("spec"))
        .map(spec -> spec.getAsJsonObject("pluginConfiguration"))
        .map(plugin -> plugin.getAsJsonObject("parameters"))
        .ifPresent(
            given ->
                given
                    .entrySet()
                    .forEach(
                        entry -> parameters.put(entry.getKey(), entry.getValue().getAsString())));
    return parameters;
  }

  // -- Restore job and metrics -------------------------------------------------------------------

  /// Calls RestoreJobHooks.Restore, as the recovery job does; [RestoreJob] plays the whole job.
  public RestoreResponse restoreData() {
    JsonObject definition = cluster.json();
    definition.addProperty("apiVersion", "postgresql.cnpg.io/v1");
    definition.addProperty("kind", "Cluster");
    var request =
        RestoreRequest.newBuilder()
            .setClusterDefinition(ByteString.copyFromUtf8(definition.toString()));
    if (version.requestFields == RequestFields.V0_6) {
      request.setCheckEmptyWalArchive(!cluster.skipsEmptyArchiveCheck());
    }
    return RestoreJobHooksGrpc.newBlockingStub(channel).restore(request.build());
  }

  public List<CollectMetric> collectMetrics() {
    return MetricsGrpc.newBlockingStub(channel)
        .collect(CollectMetricsRequest.newBuilder().setClusterDefinition(cluster.bytes()).build())
        .getMetricsList();
  }

  CnpgVersion version() {
    return version;
  }

  /// The file that says the archive has to be empty, as it is there after initdb and a restore.
  public Path emptyArchiveMarker() {
    return pod.pgData().resolve(EMPTY_ARCHIVE_MARKER);
  }

  public void markNewCluster() {
    try {
      Files.writeString(emptyArchiveMarker(), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    // First, so that no call waits for the sidecar when the commands are sent away.
    channel.shutdownNow();
    commands.close();
  }

  /// The message a user reads where a call fails, or null where it does not.
  public static @Nullable String failureOf(Runnable call) {
    try {
      call.run();
      return null;
    } catch (StatusRuntimeException e) {
      return e.getMessage();
    }
  }
}
