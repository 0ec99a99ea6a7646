package com.dalibo.pgbackrest.stanza.options;

/// The value of an option as a user writes it.
public final class OptionValue {
  private OptionValue() {}

  /// Whether it can be written into a configuration file and is what it looks like. A line break
  /// would start another option of the file; white space at an end would be lost; what came along
  /// from a web page, such as a no-break space, no store accepts.
  public static boolean isWritable(String value) {
    return !value.isEmpty()
        && value.strip().equals(value)
        && value.codePoints().noneMatch(OptionValue::isUnseen);
  }

  private static boolean isUnseen(int character) {
    return Character.isISOControl(character)
        || (character != ' ' && Character.isSpaceChar(character))
        || Character.getType(character) == Character.FORMAT;
  }
}
