package com.dalibo.pgbackrest.stanza;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What pgBackRest says of the options that fields set; OptionsIT compares with the program.
final class Options {
  private Options() {}

  /// @param standard the default; `-` for none
  record Option(String name, String standard, String since) {}

  static List<Option> all() {
    try {
      return Files.readAllLines(Path.of("src/test/resources/options.tsv")).stream()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t"))
          .map(cells -> new Option(cells[0], cells[1], cells[2]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
