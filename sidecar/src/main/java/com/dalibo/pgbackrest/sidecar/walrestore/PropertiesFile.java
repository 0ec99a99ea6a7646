package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.stanza.rendering.PrivateFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/// Keys and values in a file for our user only, which is replaced whole. A key that is not there
/// has an empty text and the number 0, so that a later release can add one.
public record PropertiesFile(Map<String, String> values) {
  public PropertiesFile {
    values = Map.copyOf(values);
  }

  /// Empty where there is no such file.
  ///
  /// @throws IOException also where it cannot be understood, with its name
  public static Optional<PropertiesFile> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var read = new Properties();
    try {
      read.load(new StringReader(Files.readString(file)));
    } catch (CharacterCodingException | IllegalArgumentException damage) {
      throw new DamagedFileException(file, damage);
    }
    return Optional.of(
        new PropertiesFile(
            read.stringPropertyNames().stream()
                .collect(Collectors.toMap(key -> key, read::getProperty))));
  }

  public void write(Path file) throws IOException {
    var written = new Properties();
    written.putAll(values);
    var bytes = new ByteArrayOutputStream();
    written.store(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), null);
    PrivateFile.write(file, bytes.toByteArray());
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  public String text(String key) {
    return values.getOrDefault(key, "");
  }

  /// The number of a key.
  ///
  /// @throws NumberFormatException where it is none
  public int number(String key) {
    return Integer.parseInt(values.getOrDefault(key, "0"));
  }
}
