package com.dalibo.pgbackrest.testbed.cnpg;

import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.program.PgBackRestProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The directories of one instance pod, or of the pod of a recovery job, below one directory. Keep
/// that one short: the path of a UNIX socket has at most 107 characters.
public record Pod(String name, Path directory) {
  /// What the sidecar runs beside.
  public enum Role {
    INSTANCE,
    RESTORE
  }

  public Pod {
    directory = directory.toAbsolutePath();
    try {
      for (String part :
          new String[] {
            "data", "plugins", "run", "controller/tmp", "controller/bin", "controller/certificates"
          }) {
        Files.createDirectories(directory.resolve(part));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path pgData() {
    return directory.resolve("data/pgdata");
  }

  public Path pluginSocket() {
    return directory.resolve("plugins/pgbackrest.dalibo.com");
  }

  public Path runDirectory() {
    return directory.resolve("run");
  }

  public Path workDirectory() {
    return directory.resolve("controller/tmp/pgbackrest-plugin");
  }

  public Path missDirectory() {
    return directory.resolve("controller/tmp/pgbackrest-miss");
  }

  /// Where the instance manager keeps PostgreSQL's keys; empty until somebody puts them there.
  public Path certificateDirectory() {
    return directory.resolve("controller/certificates");
  }

  /// Where claims are mounted, each under its name: one directory for pods beside one another, as
  /// they would share a volume.
  public Path volumesDirectory() {
    return directory.resolveSibling("volumes");
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
      Role role, ClusterDefinition cluster, Postgres postgres, KubernetesApiServer api) {
    Path serviceAccount = api.writeServiceAccount(serviceAccountDirectory(), cluster.namespace());
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PLUGIN_ROLE", role == Role.INSTANCE ? "instance" : "restore");
    environment.put("POD_NAME", name);
    environment.put("NAMESPACE", cluster.namespace());
    environment.put("CLUSTER_NAME", cluster.name());
    environment.put("PGDATA", postgres.dataDirectory().toString());
    environment.put("PGPORT", "" + postgres.port());
    environment.put("PGHOST", postgres.socketDirectory().toString());
    environment.put("PLUGIN_SOCKET", pluginSocket().toString());
    environment.put("PLUGIN_RUN_DIRECTORY", runDirectory().toString());
    environment.put("PLUGIN_WORK_DIRECTORY", workDirectory().toString());
    environment.put("PLUGIN_MISS_DIRECTORY", missDirectory().toString());
    environment.put("PLUGIN_CERTIFICATE_DIRECTORY", certificateDirectory().toString());
    environment.put("PLUGIN_VOLUMES_DIRECTORY", volumesDirectory().toString());
    environment.put("PLUGIN_PROGRAM", PgBackRestProgram.path().toString());
    environment.put("PLUGIN_SERVICE_ACCOUNT_DIRECTORY", serviceAccount.toString());
    environment.put("KUBERNETES_SERVICE_HOST", api.host());
    environment.put("KUBERNETES_SERVICE_PORT", "" + api.port());
    return environment;
  }
}
