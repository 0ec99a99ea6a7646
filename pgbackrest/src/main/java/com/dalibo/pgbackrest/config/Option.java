package com.dalibo.pgbackrest.config;

import java.util.List;

/// The values of one option of the configuration file. A secret is written to the file and shown
/// nowhere else.
record Option(List<String> values, boolean secret) {
  Option {
    values = List.copyOf(values);
  }

  static Option of(String name, List<String> values, boolean secret) {
    if (!name.matches("[a-z][a-z0-9-]*")) {
      throw new IllegalArgumentException(
          "'%s' is not the name of an option; names are lower case with dashes".formatted(name));
    }
    values.forEach(value -> check(name, value));
    return new Option(values, secret);
  }

  private static void check(String name, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(
          "option '%s' has an empty value; give it a value or leave it out".formatted(name));
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "the value of option '%s' has a line break or control character; remove it"
              .formatted(name));
    }
    if (!value.strip().equals(value)) {
      throw new IllegalArgumentException(
          "the value of option '%s' begins or ends with white space, which pgBackRest drops; remove it"
              .formatted(name));
    }
  }
}
