package com.dalibo.pgbackrest.stanza.rendering;

import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.config.ConfigurationFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// What pgBackRest needs on disk for a stanza: its configuration, and the files that the
/// configuration names. Shows no secret.
public record RenderedConfiguration(Configuration configuration, Map<Path, byte[]> files) {
  public RenderedConfiguration {
    files = Map.copyOf(files);
  }

  /// Writes the files and then, for they must be there when it is read, the configuration. Each is
  /// for our user only, whole or not at all, and left alone when it is as it should be.
  public void write(Path configurationFile) throws IOException {
    for (var file : new TreeMap<>(files).entrySet()) {
      PrivateFile.write(file.getKey(), file.getValue());
    }
    ConfigurationFile.write(configurationFile, configuration);
  }

  @Override
  public String toString() {
    return configuration + "files " + new TreeMap<>(files).keySet();
  }
}
