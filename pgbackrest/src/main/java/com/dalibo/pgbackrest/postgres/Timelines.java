package com.dalibo.pgbackrest.postgres;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The timelines that an archive has histories of. The first timeline has none.
public record Timelines(SortedMap<Integer, TimelineHistory> histories) {
  public static final Timelines NONE = new Timelines(new TreeMap<>());

  public static Timelines of(Collection<TimelineHistory> histories) {
    var map = new TreeMap<Integer, TimelineHistory>();
    histories.forEach(history -> map.put(history.timeline(), history));
    return new Timelines(map);
  }

  /// A timeline and its ancestors.
  public static Timelines to(TimelineHistory history) {
    var all = new ArrayList<>(history.ancestors());
    all.add(history);
    return of(all);
  }

  /// All that can be followed, the first included.
  public SortedSet<Integer> known() {
    var known = new TreeSet<>(histories.keySet());
    known.add(1);
    return known;
  }

  public boolean has(int timeline) {
    return timeline == 1 || histories.containsKey(timeline);
  }

  /// The newest timeline as PostgreSQL finds it from another.
  public int latestFrom(int timeline) {
    return last(timeline, new TargetTimeline.Latest());
  }

  /// The timeline on which a recovery ends that starts on another.
  public int last(int timeline, TargetTimeline target) {
    return target.last(timeline, histories.keySet());
  }

  /// A timeline that is reached from a position, but not found by PostgreSQL, because the history
  /// of one before it is missing; the newest of them.
  public Optional<Integer> beyondGap(int from, Lsn position) {
    return histories.tailMap(latestFrom(from) + 1).reversed().keySet().stream()
        .filter(timeline -> leads(from, position, timeline))
        .findFirst();
  }

  /// The segments from one to another, timeline by timeline: each timeline brings its own copy of
  /// the segment in which it began, so that the last one of its ancestor is not needed. Empty where
  /// no way is known from the first to the last.
  public List<WalRange> segments(String first, String last, int segmentSize) {
    var start = WalFile.parse(first);
    var stop = WalFile.parse(last);
    var from = start.segmentNumber(segmentSize);
    var to = stop.segmentNumber(segmentSize);
    if (start.timeline() == stop.timeline()) {
      return to < from ? List.of() : List.of(new WalRange(stop.timeline(), from, to, segmentSize));
    }
    var history = histories.get(stop.timeline());
    if (history == null) {
      return List.of();
    }
    var ranges = new ArrayList<WalRange>();
    var next = from;
    var onTheWay = false;
    for (var branch : history.branches()) {
      onTheWay |= branch.timeline() == start.timeline();
      var end = Long.divideUnsigned(branch.end().value(), segmentSize);
      if (onTheWay && end > next) {
        ranges.add(new WalRange(branch.timeline(), next, end - 1, segmentSize));
        next = end;
      }
    }
    if (onTheWay && to >= next) {
      ranges.add(new WalRange(stop.timeline(), next, to, segmentSize));
    }
    return List.copyOf(ranges);
  }

  /// Whether a position of a timeline lies on the way to another.
  public boolean leads(int from, Lsn position, int to) {
    if (from == to) {
      return true;
    }
    var history = histories.get(to);
    return history != null && history.contains(from, position);
  }
}
