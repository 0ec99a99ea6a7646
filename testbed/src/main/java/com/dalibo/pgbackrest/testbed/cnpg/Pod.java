package com.dalibo.pgbackrest.testbed.cnpg;

import com.dalibo.pgbackrest.stanza.contract.SidecarContract;
import com.dalibo.pgbackrest.stanza.contract.SidecarEnvironment;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.program.PgBackRestProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The directories of one instance pod, or of the pod of a recovery job, below one directory. Keep
/// that one short: the path of a UNIX socket has at most 107 characters.
public record Pod(String name, Path directory) {
  public Pod {
    directory = directory.toAbsolutePath();
    try {
      for (String part :
          List.of(
              "data",
              "run",
              "controller/tmp",
              "controller/bin",
              SidecarContract.PLUGINS_DIRECTORY,
              SidecarContract.CERTIFICATE_DIRECTORY)) {
        Files.createDirectories(below(directory, part));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path pgData() {
    return directory.resolve("data/pgdata");
  }

  public Path pluginSocket() {
    return below(directory, SidecarContract.SOCKET);
  }

  public Path runDirectory() {
    return directory.resolve("run");
  }

  public Path workDirectory() {
    return below(directory, SidecarContract.WORK_DIRECTORY);
  }

  public Path missDirectory() {
    return below(directory, SidecarContract.MISS_DIRECTORY);
  }

  /// Where the instance manager keeps PostgreSQL's keys; empty until somebody puts them there.
  public Path certificateDirectory() {
    return below(directory, SidecarContract.CERTIFICATE_DIRECTORY);
  }

  /// Where claims are mounted, each under its name: one directory for pods beside one another, as
  /// they would share a volume.
  public Path volumesDirectory() {
    return directory.resolveSibling("volumes");
  }

  private static Path below(Path directory, String path) {
    return directory.resolve(path.startsWith("/") ? path.substring(1) : path);
  }

  Path binDirectory() {
    return directory.resolve("controller/bin");
  }

  Path managerSocket() {
    return directory.resolve("controller/manager");
  }

  Path serviceAccountDirectory() {
    return directory.resolve("serviceaccount");
  }

  /// What the operator's injection tells the sidecar of this pod. The service account directory is
  /// written as a side effect, as the kubelet would.
  public Map<String, String> sidecarEnvironment(
      SidecarMode mode, ClusterDefinition cluster, Postgres postgres, KubernetesApiServer api) {
    Path serviceAccount = api.writeServiceAccount(serviceAccountDirectory(), cluster.namespace());
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put(SidecarEnvironment.MODE, mode.value());
    environment.put(SidecarEnvironment.POD_NAME, name);
    environment.put(SidecarEnvironment.NAMESPACE, cluster.namespace());
    environment.put(SidecarEnvironment.CLUSTER_NAME, cluster.name());
    environment.put(SidecarEnvironment.PGDATA, postgres.dataDirectory().toString());
    environment.put(SidecarEnvironment.PGPORT, "" + postgres.port());
    environment.put(SidecarEnvironment.PGHOST, postgres.socketDirectory().toString());
    environment.put(SidecarEnvironment.SOCKET, pluginSocket().toString());
    environment.put(SidecarEnvironment.RUN_DIRECTORY, runDirectory().toString());
    environment.put(SidecarEnvironment.WORK_DIRECTORY, workDirectory().toString());
    environment.put(SidecarEnvironment.MISS_DIRECTORY, missDirectory().toString());
    environment.put(SidecarEnvironment.CERTIFICATE_DIRECTORY, certificateDirectory().toString());
    environment.put(SidecarEnvironment.VOLUMES_DIRECTORY, volumesDirectory().toString());
    environment.put(SidecarEnvironment.PROGRAM, PgBackRestProgram.path().toString());
    environment.put(SidecarEnvironment.SERVICE_ACCOUNT_DIRECTORY, serviceAccount.toString());
    environment.put(SidecarEnvironment.KUBERNETES_HOST, api.host());
    environment.put(SidecarEnvironment.KUBERNETES_PORT, "" + api.port());
    return environment;
  }
}
