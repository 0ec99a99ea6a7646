package com.dalibo.pgbackrest.sidecar.settings;

import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginLogLevel;
import com.dalibo.pgbackrest.stanza.contract.SidecarContract;
import com.dalibo.pgbackrest.stanza.contract.SidecarEnvironment;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Everything the sidecar is told from outside, read once. What may change at run time (Stanza,
/// Secrets, Cluster) is not here.
///
/// @param certificateDirectory where CNPG's instance manager keeps PostgreSQL's keys
/// @param recoversFromSnapshots whether the job is the recovery of a new cluster from volume
///   snapshots
/// @param stanzaName of an inspection, which has no Cluster and no data directory; else empty
/// @param planName the RestorePlan of a plan, which has neither either; else empty
/// @param planImage of PostgreSQL in the Cluster that archives to the Stanza of a plan, if any
/// @param inspectionRequest what the operator calls the inspection or plan; else empty
/// @param address the only one that other instances use, where that is not all that this pod has
public record SidecarSettings(
    SidecarMode mode,
    boolean recoversFromSnapshots,
    String podName,
    String namespace,
    String clusterName,
    Path pgData,
    int pgPort,
    Path pgSocketDirectory,
    Path socket,
    Path runDirectory,
    Path workDirectory,
    Path missDirectory,
    Path certificateDirectory,
    Optional<String> address,
    Path volumesDirectory,
    Path program,
    PluginLogLevel logLevel,
    int exporterPort,
    URI kubernetes,
    Path serviceAccountDirectory,
    Map<String, String> cloudIdentity,
    String stanzaName,
    String planName,
    Optional<String> planImage,
    String inspectionRequest) {

  private static final String PROGRAM = "/usr/bin/pgbackrest";

  public static SidecarSettings fromEnvironment() {
    return from(System.getenv());
  }

  /// For a run without a pod: everything below one directory.
  public static SidecarSettings forStartCacheTraining(Path directory, URI kubernetes) {
    return new SidecarSettings(
        SidecarMode.INSTANCE,
        false,
        "train-1",
        "default",
        "train",
        directory.resolve("pgdata"),
        5432,
        directory,
        directory.resolve("socket"),
        directory.resolve("run"),
        directory.resolve("work"),
        directory.resolve("miss"),
        directory.resolve("certificates"),
        Optional.empty(),
        directory.resolve("volumes"),
        Path.of(System.getenv().getOrDefault(SidecarEnvironment.PROGRAM, PROGRAM)),
        PluginLogLevel.INFO,
        9854,
        kubernetes,
        directory.resolve("serviceaccount"),
        Map.of(),
        "",
        "",
        Optional.empty(),
        "");
  }

  /// Reads the settings from the variables of the container.
  ///
  /// @throws IllegalArgumentException with every problem there is, one per line
  public static SidecarSettings from(Map<String, String> environment) {
    var reader = new Reader(environment);
    var mode = reader.choice(SidecarEnvironment.MODE, SidecarMode.class);
    var isBesidePostgres = mode != SidecarMode.INSPECTION && mode != SidecarMode.PLAN;
    var settings =
        new SidecarSettings(
            mode,
            reader
                .optional(SidecarEnvironment.SNAPSHOT_RECOVERY)
                .filter("true"::equals)
                .isPresent(),
            reader.required(SidecarEnvironment.POD_NAME),
            reader.required(SidecarEnvironment.NAMESPACE),
            isBesidePostgres ? reader.required(SidecarEnvironment.CLUSTER_NAME) : "",
            isBesidePostgres
                ? reader.path(SidecarEnvironment.PGDATA, reader.required(SidecarEnvironment.PGDATA))
                : reader
                    .path(SidecarEnvironment.WORK_DIRECTORY, SidecarContract.WORK_DIRECTORY)
                    .resolve("no-pgdata"),
            reader.port(
                SidecarEnvironment.PGPORT,
                reader.optional(SidecarEnvironment.PGPORT).orElse("5432")),
            reader.path(
                SidecarEnvironment.PGHOST,
                reader
                    .optional(SidecarEnvironment.PGHOST)
                    .orElse(SidecarContract.POSTGRES_SOCKET_DIRECTORY)),
            reader.path(SidecarEnvironment.SOCKET, SidecarContract.SOCKET),
            reader.path(SidecarEnvironment.RUN_DIRECTORY, SidecarContract.RUN_DIRECTORY),
            reader.path(SidecarEnvironment.WORK_DIRECTORY, SidecarContract.WORK_DIRECTORY),
            reader.path(SidecarEnvironment.MISS_DIRECTORY, SidecarContract.MISS_DIRECTORY),
            reader.path(
                SidecarEnvironment.CERTIFICATE_DIRECTORY, SidecarContract.CERTIFICATE_DIRECTORY),
            reader.optional(SidecarEnvironment.ADDRESS),
            reader.path(SidecarEnvironment.VOLUMES_DIRECTORY, SidecarContract.VOLUMES_DIRECTORY),
            reader.path(SidecarEnvironment.PROGRAM, PROGRAM),
            reader.optional(SidecarEnvironment.LOG_LEVEL).isEmpty()
                ? PluginLogLevel.INFO
                : reader.choice(SidecarEnvironment.LOG_LEVEL, PluginLogLevel.class),
            reader.port(
                SidecarEnvironment.EXPORTER_PORT,
                reader.optional(SidecarEnvironment.EXPORTER_PORT).orElse("9854")),
            reader.kubernetes(),
            reader.path(
                SidecarEnvironment.SERVICE_ACCOUNT_DIRECTORY,
                "/var/run/secrets/kubernetes.io/serviceaccount"),
            reader.present(SidecarEnvironment.OF_CLOUDS),
            mode == SidecarMode.INSPECTION ? reader.required(SidecarEnvironment.STANZA_NAME) : "",
            mode == SidecarMode.PLAN ? reader.required(SidecarEnvironment.PLAN_NAME) : "",
            reader.optional(SidecarEnvironment.PLAN_IMAGE),
            isBesidePostgres ? "" : reader.required(SidecarEnvironment.INSPECTION_REQUEST));
    if (!reader.problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", reader.problems));
    }
    return settings;
  }

  /// Collects the problems instead of stopping at the first.
  private static final class Reader {
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    Reader(Map<String, String> environment) {
      this.environment = environment;
    }

    Optional<String> optional(String name) {
      return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    Map<String, String> present(List<String> names) {
      return names.stream()
          .filter(name -> optional(name).isPresent())
          .collect(Collectors.toUnmodifiableMap(name -> name, environment::get));
    }

    String required(String name) {
      return optional(name)
          .orElseGet(
              () -> {
                problems.add("'%s' is not set; the plugin's operator sets it".formatted(name));
                return "";
              });
    }

    Path path(String name, String byDefault) {
      var path = Path.of(optional(name).orElse(byDefault));
      if (!path.isAbsolute() && !byDefault.isEmpty()) {
        problems.add("'%s' is '%s'; it must be an absolute path".formatted(name, path));
      }
      return path;
    }

    int port(String name, String value) {
      try {
        var port = Integer.parseInt(value);
        if (port > 0 && port < 65536) {
          return port;
        }
      } catch (NumberFormatException _) {
        // reported below, as a number out of range is
      }
      problems.add("'%s' is '%s'; it must be a port from 1 to 65535".formatted(name, value));
      return 0;
    }

    <E extends Enum<E>> E choice(String name, Class<E> type) {
      var value = optional(name).orElse("");
      for (var constant : type.getEnumConstants()) {
        if (constant.name().equalsIgnoreCase(value)) {
          return constant;
        }
      }
      var known =
          List.of(type.getEnumConstants()).stream()
              .map(constant -> constant.name().toLowerCase(Locale.ROOT))
              .toList();
      problems.add(
          value.isEmpty()
              ? "'%s' is not set; it must be one of %s".formatted(name, known)
              : "'%s' is '%s'; it must be one of %s".formatted(name, value, known));
      return type.getEnumConstants()[0];
    }

    URI kubernetes() {
      var host = required(SidecarEnvironment.KUBERNETES_HOST);
      var port =
          port(
              SidecarEnvironment.KUBERNETES_PORT,
              optional(SidecarEnvironment.KUBERNETES_PORT).orElse("443"));
      if (host.isEmpty()) {
        return URI.create("https://unset");
      }
      return URI.create(
          "https://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port));
    }
  }
}
