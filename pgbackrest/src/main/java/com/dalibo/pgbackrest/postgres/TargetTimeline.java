package com.dalibo.pgbackrest.postgres;

import java.util.Set;

/// The timeline that a recovery follows: the newest, the one of the backup, or one by its number.
public sealed interface TargetTimeline {
  /// The timeline on which a recovery ends that starts on another.
  ///
  /// @param histories the timelines of which there is a history
  int last(int from, Set<Integer> histories);

  /// The newest as PostgreSQL finds it: it asks for one history after the other until one is
  /// missing.
  record Latest() implements TargetTimeline {
    @Override
    public int last(int from, Set<Integer> histories) {
      var latest = from;
      while (histories.contains(latest + 1)) {
        latest++;
      }
      return latest;
    }
  }

  record Current() implements TargetTimeline {
    @Override
    public int last(int from, Set<Integer> histories) {
      return from;
    }
  }

  record Numbered(int timeline) implements TargetTimeline {
    @Override
    public int last(int from, Set<Integer> histories) {
      return timeline;
    }
  }

  /// As PostgreSQL reads `recovery_target_timeline`: `latest`, `current`, `10`, `0xA` or `012`.
  static TargetTimeline parse(String text) {
    return switch (text) {
      case "", "latest" -> new Latest();
      case "current" -> new Current();
      default -> new Numbered(number(text));
    };
  }

  private static int number(String text) {
    try {
      if (text.startsWith("0x") || text.startsWith("0X")) {
        return Integer.parseUnsignedInt(text.substring(2), 16);
      }
      return Integer.parseUnsignedInt(text, text.startsWith("0") ? 8 : 10);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'%s' is not a timeline; write 'latest', 'current' or a number".formatted(text), e);
    }
  }
}
