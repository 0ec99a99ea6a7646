package com.dalibo.pgbackrest.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// One run of a program, complete before anything starts. Holds no secret: those are in the
/// configuration file.
public record Invocation(
    Path program,
    List<String> arguments,
    Map<String, String> environment,
    Duration timeout,
    Watch watch) {
  public Invocation {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /// One that nobody looks after but the timeout.
  public Invocation(
      Path program, List<String> arguments, Map<String, String> environment, Duration timeout) {
    this(program, arguments, environment, timeout, Watch.NONE);
  }
}
