package com.dalibo.pgbackrest.postgres;

import java.util.ArrayList;
import java.util.List;

/// The ancestors of a timeline, oldest first, each with the position at which its successor left
/// it: the content of a `.history` file.
public record TimelineHistory(int timeline, List<Branch> branches) {

  /// An ancestor and the position up to which it counts.
  public record Branch(int timeline, Lsn end) {}

  public TimelineHistory {
    branches = List.copyOf(branches);
  }

  public static TimelineHistory parse(int timeline, String text) {
    var branches = new ArrayList<Branch>();
    for (var line : text.lines().toList()) {
      var content = line.replaceFirst("#.*", "").strip();
      if (!content.isEmpty()) {
        branches.add(branch(timeline, content));
      }
    }
    return new TimelineHistory(timeline, branches);
  }

  /// Whether a position of a timeline lies on the way to this one.
  public boolean contains(int ancestor, Lsn position) {
    return ancestor == timeline
        || branches.stream()
            .anyMatch(
                branch -> branch.timeline() == ancestor && position.compareTo(branch.end()) <= 0);
  }

  private static Branch branch(int timeline, String line) {
    var fields = line.split("\\s+", 3);
    try {
      return new Branch(Integer.parseUnsignedInt(fields[0]), Lsn.parse(fields[1]));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "the history of timeline %d has the line '%s', which is not a timeline with a position"
              .formatted(timeline, line),
          e);
    }
  }
}
