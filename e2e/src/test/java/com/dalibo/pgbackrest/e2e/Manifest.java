package com.dalibo.pgbackrest.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The YAML of a file in `examples/`, as a user would apply it. Only the two keys of the S3 server
/// are filled in unless the story says otherwise.
record Manifest(String yaml) {
  private static final Path EXAMPLES = Path.of("..", "examples");

  static Manifest example(String file) {
    try {
      return new Manifest(Files.readString(EXAMPLES.resolve(file)))
          .with("<key>", environment("ACCESS_KEY_ID"))
          .with("<secret>", environment("ACCESS_SECRET_KEY"));
    } catch (IOException failure) {
      throw new UncheckedIOException("examples/" + file + " cannot be read", failure);
    }
  }

  /// The same with a text replaced; the text must be there, so that an edited example is noticed.
  Manifest with(String text, String replacement) {
    if (!yaml.contains(text)) {
      if (text.startsWith("<")) {
        return this;
      }
      throw new IllegalArgumentException("the example does not say '" + text + "':\n" + yaml);
    }
    return new Manifest(yaml.replace(text, replacement));
  }

  Manifest plus(String more) {
    return new Manifest(yaml + "\n---\n" + more);
  }

  private static String environment(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new IllegalStateException(
          name + " is not set: eval \"$(./run cluster env)\", or export what your S3 server wants");
    }
    return value;
  }
}
