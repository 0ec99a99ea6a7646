package com.dalibo.pgbackrest.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the kernel says a process holds, in MB: all, and the part no file can be read again for.
record ProcessMemory(double resident, double anonymous) {
  static ProcessMemory of(long pid) {
    return parse(readStatus(pid));
  }

  static ProcessMemory parse(String status) {
    return new ProcessMemory(megabytes(status, "VmRSS:"), megabytes(status, "RssAnon:"));
  }

  private static String readStatus(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/status"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double megabytes(String status, String field) {
    return status
            .lines()
            .filter(line -> line.startsWith(field))
            .map(line -> line.substring(field.length()).replace("kB", "").strip())
            .mapToLong(Long::parseLong)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no " + field + " in the status"))
        * 1024
        / 1e6;
  }
}
