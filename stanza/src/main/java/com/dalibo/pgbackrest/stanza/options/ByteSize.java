package com.dalibo.pgbackrest.stanza.options;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/// A size as pgBackRest reads it: `128MiB`, and also `128mb`, `128m` and `128`, all of which count
/// in powers of 1024. Fields of the Stanza have the first form only, `customEnvVar` any.
public final class ByteSize {
  private static final String UNITS = "kmgtp";
  private static final Pattern TEXT =
      Pattern.compile("([0-9]{1,15})(?:b|([kmgtp])(?:i?b)?)?", Pattern.CASE_INSENSITIVE);

  private ByteSize() {}

  /// The number of bytes; empty where the text is no size, or one of more than 8 EiB.
  public static OptionalLong parse(String text) {
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    var number = Long.parseLong(matcher.group(1));
    var unit = matcher.group(2);
    var bits = unit == null ? 0 : 10 * (UNITS.indexOf(Character.toLowerCase(unit.charAt(0))) + 1);
    return number > Long.MAX_VALUE >> bits ? OptionalLong.empty() : OptionalLong.of(number << bits);
  }
}
