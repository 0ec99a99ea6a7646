package com.dalibo.pgbackrest.sidecar.walrestore;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// A size as pgBackRest's options have it: `128MiB`.
final class ByteSize {
  private static final List<String> UNITS = List.of("", "KI", "MI", "GI", "TI", "PI");
  private static final Pattern TEXT =
      Pattern.compile("([0-9]{1,15})(|[KMGTP]I?)B?", Pattern.CASE_INSENSITIVE);

  private ByteSize() {}

  static long parse(String text) {
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'%s' is not a size; write it as 128MiB".formatted(text));
    }
    var unit = matcher.group(2).toUpperCase(Locale.ROOT);
    var power = UNITS.indexOf(unit.length() == 1 ? unit + "I" : unit);
    var size = Long.parseLong(matcher.group(1));
    for (var times = 0; times < power; times++) {
      size = Math.multiplyExact(size, 1024L);
    }
    return size;
  }
}
