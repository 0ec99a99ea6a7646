package com.dalibo.pgbackrest.stanza;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Files that hold what was right once; `-Dgolden=update` rewrites them.
public final class Golden {
  private Golden() {}

  public static List<Path> folders(String name) {
    try (var folders = Files.list(Path.of("src/test/resources", name))) {
      return folders.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void matches(Path file, String content) {
    try {
      if ("update".equals(System.getProperty("golden"))) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
      }
      assertThat(content)
          .as("content of %s; -Dgolden=update rewrites it", file)
          .isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A file that no test looks at proves nothing.
  public static void holdsOnly(Path folder, String... names) {
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("files of %s", folder)
          .isSubsetOf(names);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
