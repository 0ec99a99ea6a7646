package com.dalibo.pgbackrest.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/// The lines of a stream, leniently decoded and each cut at a length, since a program may print
/// binary text.
final class LineReader {
  private static final int MAX_LINE = 16 * 1024;

  private final InputStream stream;

  LineReader(InputStream stream) {
    this.stream = stream;
  }

  void forEach(Consumer<String> line) throws IOException {
    var current = new ByteArrayOutputStream();
    var buffer = new byte[8192];
    for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
      for (int i = 0; i < n; i++) {
        if (buffer[i] == '\n') {
          line.accept(current.toString(UTF_8));
          current.reset();
        } else if (current.size() < MAX_LINE) {
          current.write(buffer[i]);
        }
      }
    }
    if (current.size() > 0) {
      line.accept(current.toString(UTF_8));
    }
  }
}
