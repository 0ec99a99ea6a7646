package com.dalibo.pgbackrest.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.logging.Level;

/// What the Deployment's environment says, checked as a whole before anything starts.
///
/// @param namespace where the operator runs, beside the CNPG operator
/// @param service the Service whose annotations name the Secrets with the certificates
record OperatorSettings(
    String sidecarImage,
    String namespace,
    String podName,
    String service,
    String deployment,
    int grpcPort,
    int healthPort,
    Level logLevel) {

  private static final Map<String, Level> LEVELS =
      Map.of(
          "error", Level.SEVERE,
          "warning", Level.WARNING,
          "info", Level.INFO,
          "debug", Level.FINE,
          "trace", Level.FINEST);

  static OperatorSettings from(Map<String, String> environment) {
    var reading = new Reading(environment, new ArrayList<>());
    var settings =
        new OperatorSettings(
            reading.required("SIDECAR_IMAGE"),
            reading.required("POD_NAMESPACE"),
            reading.required("POD_NAME"),
            reading.text("SERVICE_NAME", "pgbackrest"),
            reading.text("DEPLOYMENT_NAME", "pgbackrest-controller"),
            reading.port("GRPC_PORT", 9090),
            reading.port("HEALTH_PORT", 8081),
            reading.level("LOG_LEVEL", "info"));
    if (!reading.problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", reading.problems));
    }
    return settings;
  }

  /// Reads values one by one and keeps every problem, so that the user sees all of them at once.
  private record Reading(Map<String, String> environment, List<String> problems) {

    String required(String name) {
      var value = text(name, "");
      if (value.isEmpty()) {
        problems.add("environment variable '" + name + "' is not set; set it in the Deployment");
      }
      return value;
    }

    String text(String name, String otherwise) {
      var value = environment.getOrDefault(name, "").strip();
      return value.isEmpty() ? otherwise : value;
    }

    int port(String name, int otherwise) {
      return checked(
          name,
          Integer.toString(otherwise),
          value -> value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= 65535,
          Integer::parseInt,
          otherwise,
          "give a port from 0 to 65535");
    }

    Level level(String name, String otherwise) {
      return checked(
          name,
          otherwise,
          LEVELS::containsKey,
          value -> LEVELS.getOrDefault(value, Level.INFO),
          Level.INFO,
          "give one of error, warning, info, debug, trace");
    }

    private <T> T checked(
        String name,
        String otherwise,
        Predicate<String> valid,
        Function<String, T> parse,
        T fallback,
        String remedy) {
      var value = text(name, otherwise);
      if (valid.test(value)) {
        return parse.apply(value);
      }
      problems.add("environment variable '" + name + "' is '" + value + "'; " + remedy);
      return fallback;
    }
  }
}
