package com.dalibo.pgbackrest.stanza.options;

/// Text that can be a value in a configuration file, and is what it looks like.
public final class PlainText {
  private PlainText() {}

  /// Whether it is. A line break would start another option of the file; white space at an end
  /// would be lost; what came along from a web page, such as a no-break space, no store accepts.
  public static boolean isPlain(String value) {
    return !value.isEmpty()
        && value.strip().equals(value)
        && value.codePoints().noneMatch(PlainText::isUnseen);
  }

  private static boolean isUnseen(int character) {
    return Character.isISOControl(character)
        || (character != ' ' && Character.isSpaceChar(character))
        || Character.getType(character) == Character.FORMAT;
  }
}
