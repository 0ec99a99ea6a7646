package com.dalibo.pgbackrest.postgres;

/// The timeline that a recovery follows: the newest, the one of the backup, or one by its number.
public sealed interface TargetTimeline {
  record Latest() implements TargetTimeline {}

  record Current() implements TargetTimeline {}

  record Numbered(int timeline) implements TargetTimeline {}

  /// As `recovery_target_timeline` is written: `latest`, `current`, `3` or `0x3`.
  static TargetTimeline parse(String text) {
    return switch (text) {
      case "", "latest" -> new Latest();
      case "current" -> new Current();
      default -> new Numbered(number(text));
    };
  }

  private static int number(String text) {
    try {
      return text.startsWith("0x")
          ? Integer.parseUnsignedInt(text.substring(2), 16)
          : Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'%s' is not a timeline; write 'latest', 'current' or a number".formatted(text), e);
    }
  }
}
