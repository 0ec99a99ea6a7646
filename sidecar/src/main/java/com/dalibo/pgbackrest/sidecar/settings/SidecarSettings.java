package com.dalibo.pgbackrest.sidecar.settings;

import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginLogLevel;
import com.dalibo.pgbackrest.stanza.options.InstancePaths;
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
/// @param address the only one that other instances use, where that is not all that this pod has
public record SidecarSettings(
    Role role,
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
    Map<String, String> cloudIdentity) {

  /// What a cloud puts into the pods of a service account that has an identity there, and
  /// pgBackRest reads: for keyType web-id the first two, for pod-id the others.
  private static final List<String> CLOUD_IDENTITY =
      List.of(
          "AWS_ROLE_ARN",
          "AWS_WEB_IDENTITY_TOKEN_FILE",
          "AWS_CONTAINER_CREDENTIALS_FULL_URI",
          "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");

  /// Beside a PostgreSQL that lives, or in the job that restores one.
  public enum Role {
    INSTANCE,
    RESTORE
  }

  public static SidecarSettings fromEnvironment() {
    return from(System.getenv());
  }

  /// For a run without a pod: everything below one directory.
  public static SidecarSettings forTraining(Path directory, URI kubernetes) {
    return new SidecarSettings(
        Role.INSTANCE,
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
        Path.of(System.getenv().getOrDefault("PLUGIN_PROGRAM", "/usr/bin/pgbackrest")),
        PluginLogLevel.INFO,
        9854,
        kubernetes,
        directory.resolve("serviceaccount"),
        Map.of());
  }

  /// Reads the settings from the variables of the container.
  ///
  /// @throws IllegalArgumentException with every problem there is, one per line
  public static SidecarSettings from(Map<String, String> environment) {
    var reader = new Reader(environment);
    var settings =
        new SidecarSettings(
            reader.choice("PLUGIN_ROLE", Role.class),
            reader.optional("PLUGIN_SNAPSHOT_RECOVERY").filter("true"::equals).isPresent(),
            reader.required("POD_NAME"),
            reader.required("NAMESPACE"),
            reader.required("CLUSTER_NAME"),
            reader.path("PGDATA", reader.required("PGDATA")),
            reader.port("PGPORT", reader.optional("PGPORT").orElse("5432")),
            reader.path("PGHOST", reader.optional("PGHOST").orElse("/controller/run")),
            reader.path("PLUGIN_SOCKET", "/plugins/pgbackrest.dalibo.com"),
            reader.path("PLUGIN_RUN_DIRECTORY", "/run/pgbackrest-plugin"),
            reader.path("PLUGIN_WORK_DIRECTORY", "/controller/tmp/pgbackrest-plugin"),
            reader.path("PLUGIN_MISS_DIRECTORY", "/controller/tmp/pgbackrest-miss"),
            reader.path("PLUGIN_CERTIFICATE_DIRECTORY", "/controller/certificates"),
            reader.optional("PLUGIN_ADDRESS"),
            reader.path("PLUGIN_VOLUMES_DIRECTORY", InstancePaths.VOLUMES.toString()),
            reader.path("PLUGIN_PROGRAM", "/usr/bin/pgbackrest"),
            reader.optional("PLUGIN_LOG_LEVEL").isEmpty()
                ? PluginLogLevel.INFO
                : reader.choice("PLUGIN_LOG_LEVEL", PluginLogLevel.class),
            reader.port(
                "PLUGIN_EXPORTER_PORT", reader.optional("PLUGIN_EXPORTER_PORT").orElse("9854")),
            reader.kubernetes(),
            reader.path(
                "PLUGIN_SERVICE_ACCOUNT_DIRECTORY",
                "/var/run/secrets/kubernetes.io/serviceaccount"),
            reader.present(CLOUD_IDENTITY));
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
      var host = required("KUBERNETES_SERVICE_HOST");
      var port = port("KUBERNETES_SERVICE_PORT", optional("KUBERNETES_SERVICE_PORT").orElse("443"));
      if (host.isEmpty()) {
        return URI.create("https://unset");
      }
      return URI.create(
          "https://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port));
    }
  }
}
