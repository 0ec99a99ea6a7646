package com.dalibo.pgbackrest.demo;

import com.dalibo.pgbackrest.testbed.program.WorkingTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/// A file of `examples/`: what a user writes, and the same with the values of this machine.
record Example(String file, String written, String yaml) {
  static Example of(String file) {
    try {
      String text = Files.readString(WorkingTree.root().resolve("examples").resolve(file));
      return new Example(file, text, text);
    } catch (IOException e) {
      throw new UncheckedIOException("'examples/" + file + "' cannot be read", e);
    }
  }

  /// Replaces a text that must be there, so that an edited example is noticed.
  Example with(String text, String replacement) {
    if (!yaml.contains(text)) {
      throw new IllegalStateException("'examples/" + file + "' does not say '" + text + "'");
    }
    return new Example(file, written, yaml.replace(text, replacement));
  }

  /// A PEM text as the value of one YAML line.
  static String quoted(String pem) {
    return '"' + pem.replace("\n", "\\n") + '"';
  }
}
