package com.dalibo.pgbackrest.program;

import java.util.regex.Pattern;

/// Whether an error may pass by itself, by its code and, where one code means many things, by its
/// text.
final class Transience {
  private static final Pattern PASSING =
      Pattern.compile(
          "HTTP request failed with (?:5\\d\\d|408|429)"
              + "|SlowDown|ServiceUnavailable|RequestTimeout"
              + "|timeout|timed out|unexpected eof|unexpected EOF"
              + "|HostConnectError|ServiceError"
              + "|Connection (?:reset|refused)|Broken pipe");

  private Transience() {}

  static boolean of(ErrorCode code, String text) {
    return switch (code.again()) {
      case YES -> true;
      case NO -> false;
      case BY_TEXT -> PASSING.matcher(text).find();
    };
  }
}
