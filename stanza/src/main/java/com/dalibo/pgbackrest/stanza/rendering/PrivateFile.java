package com.dalibo.pgbackrest.stanza.rendering;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A file for our user only, replaced whole, also where the machine stops in the middle.
public final class PrivateFile {
  private PrivateFile() {}

  /// Leaves a file that has this content as it is.
  public static void write(Path file, byte[] content) throws IOException {
    if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) {
      return;
    }
    var temporary =
        Files.createTempFile(
            Objects.requireNonNull(file.toAbsolutePath().getParent()),
            "." + file.getFileName(),
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.write(temporary, content);
      force(temporary);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      force(temporary.getParent());
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void force(@Nullable Path path) throws IOException {
    try (var channel = FileChannel.open(Objects.requireNonNull(path), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
