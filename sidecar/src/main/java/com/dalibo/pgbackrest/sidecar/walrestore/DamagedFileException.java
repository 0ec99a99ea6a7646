package com.dalibo.pgbackrest.sidecar.walrestore;

import java.io.IOException;
import java.nio.file.Path;

/// A note of ours cannot be understood.
final class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1;

  DamagedFileException(Path file, Exception damage) {
    super("the file '%s' cannot be understood: %s".formatted(file, damage.getMessage()), damage);
  }
}
