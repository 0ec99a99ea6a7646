package com.dalibo.pgbackrest.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The ancestors of a timeline, oldest first, each with the position at which its successor left
/// it: the content of a `.history` file.
public record TimelineHistory(int timeline, List<Branch> branches) {

  /// An ancestor and the position up to which it counts.
  public record Branch(int timeline, Lsn end) {}

  public TimelineHistory {
    branches = List.copyOf(branches);
  }

  /// Reads what PostgreSQL has written (`writeTimeLineHistory` in timeline.c).
  ///
  /// @throws IllegalArgumentException where it is not whole, or PostgreSQL would not read it
  public static TimelineHistory parse(int timeline, String text) {
    var branches = new ArrayList<Branch>();
    for (var line : text.lines().toList()) {
      var content = line.replaceFirst("#.*", "").strip();
      if (!content.isEmpty()) {
        branches.add(branch(timeline, content));
      }
    }
    requireWhole(timeline, text, branches);
    return new TimelineHistory(timeline, branches);
  }

  /// A position that is cut off is a position, too, so the end of the last line is looked for.
  private static void requireWhole(int timeline, String text, List<Branch> branches) {
    if (branches.isEmpty() || !text.endsWith("\n")) {
      throw new IllegalArgumentException(
          "the history of timeline %d is cut off after %d characters"
              .formatted(timeline, text.length()));
    }
    var before = 0;
    for (var branch : branches) {
      if (branch.timeline() <= before || branch.timeline() >= timeline) {
        throw new IllegalArgumentException(
            "the history of timeline %d has timeline %d after timeline %d"
                .formatted(timeline, branch.timeline(), before));
      }
      before = branch.timeline();
    }
  }

  /// Those of its ancestors that have any, which are its own beginning.
  public List<TimelineHistory> ancestors() {
    var ancestors = new ArrayList<TimelineHistory>();
    for (var count = 1; count < branches.size(); count++) {
      ancestors.add(
          new TimelineHistory(branches.get(count).timeline(), branches.subList(0, count)));
    }
    return ancestors;
  }

  /// The timeline that left an ancestor.
  public int after(int ancestor) {
    return branches.stream()
        .map(Branch::timeline)
        .filter(branch -> branch > ancestor)
        .findFirst()
        .orElse(timeline);
  }

  /// Where an ancestor was left on the way to this timeline.
  public Optional<Lsn> end(int ancestor) {
    return branches.stream()
        .filter(branch -> branch.timeline() == ancestor)
        .map(Branch::end)
        .findFirst();
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
