package com.dalibo.pgbackrest.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Programs that a program of ours has left running in sessions of their own, as pgBackRest does
/// with its asynchronous archiver. One that hangs holds its lock, so that no other is started.
final class DetachedPrograms {
  private final Map<Long, Seen> seen = new HashMap<>();

  /// What a process group had done when it was first seen to have done no more.
  private record Seen(long activity, long since) {}

  /// The leaders that have all these words in their command line and have done nothing for a while,
  /// over all calls.
  synchronized List<ProcessHandle> stalled(List<String> words, Duration limit) {
    var found =
        ProcessHandle.allProcesses()
            .filter(process -> arguments(process).containsAll(words))
            .toList();
    seen.keySet().retainAll(found.stream().map(ProcessHandle::pid).toList());
    return found.stream().filter(process -> isStalled(process.pid(), limit)).toList();
  }

  private boolean isStalled(long group, Duration limit) {
    var now = System.nanoTime();
    var activity = ProcessActivity.of(group);
    var before = seen.get(group);
    if (before == null || before.activity() != activity) {
      seen.put(group, new Seen(activity, now));
      return false;
    }
    return now - before.since() >= limit.toNanos();
  }

  private static List<String> arguments(ProcessHandle process) {
    try {
      var line =
          Files.readString(
              Path.of("/proc/%d/cmdline".formatted(process.pid())), StandardCharsets.ISO_8859_1);
      return List.of(line.split("\0"));
    } catch (IOException _) {
      // It has just ended, or is somebody else's.
      return List.of();
    }
  }
}
