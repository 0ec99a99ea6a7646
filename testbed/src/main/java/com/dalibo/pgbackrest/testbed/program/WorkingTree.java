package com.dalibo.pgbackrest.testbed.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The working tree that this build belongs to, and the cache it shares with others.
public final class WorkingTree {
  private WorkingTree() {}

  /// The nearest directory, from the working directory upwards, that holds `mvnw`.
  public static Path root() {
    Path start = Path.of("").toAbsolutePath();
    for (@Nullable Path candidate = start; candidate != null; candidate = candidate.getParent()) {
      if (Files.exists(candidate.resolve("mvnw"))) {
        return candidate;
      }
    }
    throw new IllegalStateException(
        "no 'mvnw' above '" + start + "': run inside a clone of the repository");
  }

  /// `$XDG_CACHE_HOME/cnpg-pgbackrest`, where unpacked programs stay between builds.
  public static Path cache() {
    @Nullable String cache = System.getenv("XDG_CACHE_HOME");
    @Nullable String home = System.getenv("HOME");
    Path base =
        cache != null && !cache.isBlank()
            ? Path.of(cache)
            : Path.of(home == null ? System.getProperty("user.home", "/tmp") : home, ".cache");
    try {
      return Files.createDirectories(base.resolve("cnpg-pgbackrest"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
