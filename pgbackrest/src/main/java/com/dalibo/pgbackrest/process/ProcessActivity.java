package com.dalibo.pgbackrest.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// All that the processes of a group have done so far, as one number that grows while they do
/// something: the time they computed, and the bytes they read and wrote.
final class ProcessActivity {
  private static final Path PROC = Path.of("/proc");

  private ProcessActivity() {}

  static long of(long group) {
    var sum = 0L;
    try (var processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (var process : processes) {
        sum += of(process, group);
      }
    } catch (IOException _) {
      // Nothing can be seen, so that nothing changes either.
    }
    return sum;
  }

  private static long of(Path process, long group) {
    try {
      var stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      // The name before may hold blanks: state, parent, group, ..., user and system time.
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      if (Long.parseLong(fields[2]) != group) {
        return 0;
      }
      return Long.parseLong(fields[11]) + Long.parseLong(fields[12]) + bytes(process);
    } catch (IOException | RuntimeException _) {
      // It has just ended.
      return 0;
    }
  }

  private static long bytes(Path process) throws IOException {
    var sum = 0L;
    for (var line : Files.readAllLines(process.resolve("io"))) {
      if (line.startsWith("rchar: ") || line.startsWith("wchar: ")) {
        sum += Long.parseLong(line.substring(7));
      }
    }
    return sum;
  }
}
