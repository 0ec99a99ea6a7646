package com.dalibo.pgbackrest.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A running program and the processes it started, which share its process group. Signals reach all
/// of them.
final class ProcessGroup {

  /// Runs a short command and tells whether it succeeded.
  interface Command {
    boolean run(String... command) throws IOException, InterruptedException;
  }

  private final Process leader;
  private final Command command;

  ProcessGroup(Process leader, Command command) {
    this.leader = leader;
    this.command = command;
  }

  /// Kills a group that somebody else has started.
  static void killDetached(ProcessHandle leader, Command command) {
    try {
      command.run(
          "/bin/sh", "-c", "kill -s KILL -- \"$1\"", "sh", "-" + Long.toString(leader.pid()));
    } catch (IOException _) {
      leader.destroyForcibly();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  Process leader() {
    return leader;
  }

  /// Asks all processes to end and, after the grace, kills them. Returns when the leader is gone,
  /// at once when it already is. An interrupt does not shorten it and is kept for the caller.
  void end(Duration grace) {
    if (!leader.isAlive()) {
      return;
    }
    signal("TERM");
    if (!waitFor(grace)) {
      signal("KILL");
      leader.destroyForcibly();
      waitFor(grace);
    }
    // Workers that outlive the leader would hold pgBackRest's lock.
    signal("KILL");
  }

  /// Sends a signal to the leader and to nobody else.
  void signalLeader(String name) throws InterruptedException {
    try {
      command.run("/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "sh", name, pid());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the signal %s was not sent to process %s; see that there is a /bin/sh"
              .formatted(name, pid()),
          e);
    }
  }

  /// Sends a signal to every process of the group.
  void signal(String name) {
    // Through the shell: Java has no call for a group, and every image has a shell but not every
    // one a kill program.
    // The leader by its own number too, for the moment before setsid(1) has made the group.
    var group = "-" + leader.pid();
    var interrupted = Thread.interrupted();
    try {
      command.run("/bin/sh", "-c", "kill -s \"$1\" -- \"$2\"", "sh", name, group);
      if (leader.isAlive()) {
        command.run("/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "sh", name, pid());
      }
    } catch (IOException e) {
      leader.descendants().forEach(ProcessHandle::destroyForcibly);
      leader.destroyForcibly();
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private String pid() {
    return Long.toString(leader.pid());
  }

  private boolean waitFor(Duration time) {
    var interrupted = Thread.interrupted();
    var end = System.nanoTime() + time.toNanos();
    try {
      while (true) {
        try {
          return leader.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
