package com.dalibo.pgbackrest.cnpgi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// What this plugin is called, in every place where CNPG compares names.
public final class Plugin {
  /// The label of the Service, the name in Identity, the socket file and `spec.plugins[].name`.
  public static final String NAME = "pgbackrest.dalibo.com";

  /// Field manager and `app.kubernetes.io/managed-by` of the objects that our operator writes.
  public static final String CONTROLLER = "pgbackrest-controller";

  private static final String VERSION = readVersion();

  private Plugin() {}

  public static String version() {
    return VERSION;
  }

  private static String readVersion() {
    var properties = new Properties();
    try (InputStream resource = Plugin.class.getResourceAsStream("plugin.properties")) {
      if (resource != null) {
        properties.load(resource);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "plugin.properties of the jar cannot be read; build it again", e);
    }
    return properties.getProperty("version", "unknown");
  }
}
