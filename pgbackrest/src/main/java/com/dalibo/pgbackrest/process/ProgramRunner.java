package com.dalibo.pgbackrest.process;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// The only place that starts programs. Each runs in a session of its own, so that it and its
/// workers are ended together: when the calling thread is interrupted, at the deadline, when its
/// watch objects, and when this is closed. Nothing of a program is left when `run` returns.
public final class ProgramRunner implements AutoCloseable {
  /// What pgBackRest ends with where SIGTERM or SIGINT ended it (its error `term`).
  private static final int ENDED_BY_SIGNAL = 63;

  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Duration grace;
  private final Map<String, String> environment;
  private final Map<ProcessGroup, Invocation> running = new ConcurrentHashMap<>();
  private final DetachedPrograms detached = new DetachedPrograms();
  private volatile boolean closed;

  public ProgramRunner() {
    this(GRACE);
  }

  /// With the time that a program has between being asked to end and being killed.
  public ProgramRunner(Duration grace) {
    this(grace, Map.of());
  }

  /// With what every program finds in its environment besides its own.
  public ProgramRunner(Duration grace, Map<String, String> environment) {
    this.grace = grace;
    this.environment = Map.copyOf(environment);
  }

  /// Runs a program to its end. Progress gets each log message as soon as the next one begins.
  public ProgramOutput run(Invocation invocation, Consumer<LogLine> progress)
      throws IOException, TimeoutException, InterruptedException {
    var group = start(invocation);
    try (var streams = new ProgramStreams(group.leader(), progress)) {
      try {
        await(group.leader(), invocation);
        if (closed) {
          throw new InterruptedException("the runner of programs was closed");
        }
        endWorkersOfAKilledProgram(group, streams);
        return streams.output(group.leader().exitValue());
      } finally {
        // The program first, which ends the streams their readers wait for.
        group.end(grace);
        running.remove(group);
      }
    }
  }

  private static void await(Process leader, Invocation invocation)
      throws TimeoutException, InterruptedException {
    var end = System.nanoTime() + invocation.timeout().toNanos();
    var left = invocation.timeout().toNanos();
    while (!leader.waitFor(Math.min(left, LOOK.toNanos()), TimeUnit.NANOSECONDS)) {
      left = end - System.nanoTime();
      if (left <= 0) {
        throw new TimeoutException(
            "it took longer than %d s".formatted(invocation.timeout().toSeconds()));
      }
      var objection = invocation.watch().objection(leader.pid());
      if (objection.isPresent()) {
        throw new TimeoutException(objection.get());
      }
    }
  }

  /// Tells the program that was started so to read its settings again. What it has started goes on.
  public void hangUp(Invocation invocation) throws InterruptedException {
    for (var program : running.entrySet()) {
      if (program.getValue().equals(invocation)) {
        program.getKey().signalLeader("HUP");
      }
    }
  }

  /// Ends what our programs have left running in sessions of their own and has done nothing for a
  /// while; to be called again and again while it is missed.
  ///
  /// @param words of its command line
  public int endStalled(List<String> words, Duration limit) {
    var stalled = detached.stalled(words, limit);
    for (var leader : stalled) {
      // What is stopped does not end in any other way.
      ProcessGroup.killDetached(leader, ProgramRunner::runQuietly);
    }
    return stalled.size();
  }

  /// Ends every program that runs and starts no more.
  @Override
  public void close() {
    closed = true;
    var groups = new ArrayList<>(running.keySet());
    groups.forEach(group -> group.signal("TERM"));
    groups.forEach(group -> group.end(grace));
  }

  private ProcessGroup start(Invocation invocation) throws IOException {
    if (closed) {
      throw new IOException("the program is shutting down and starts no more processes");
    }
    // The new process leads no group, so setsid(1) does not fork: the process we start becomes the
    // program.
    var command = new ArrayList<String>();
    command.add("setsid");
    command.add(invocation.program().toString());
    command.addAll(invocation.arguments());
    var builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().putAll(invocation.environment());
    var group = new ProcessGroup(builder.start(), ProgramRunner::runQuietly);
    running.put(group, invocation);
    if (closed) {
      group.end(grace);
    }
    return group;
  }

  // A program that was killed alone leaves its workers, which hold the lock and our pipes.
  private static void endWorkersOfAKilledProgram(ProcessGroup group, ProgramStreams streams)
      throws InterruptedException {
    var exit = group.leader().exitValue();
    if (exit == ENDED_BY_SIGNAL || exit > 128 || !streams.endWithin(Duration.ofSeconds(2))) {
      group.signal("KILL");
    }
  }

  private static boolean runQuietly(String... command) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor() == 0;
  }
}
