package com.dalibo.pgbackrest.sidecar.wal;

import com.dalibo.pgbackrest.info.BackupInfo;
import java.util.ArrayList;
import java.util.List;

/// WAL segments in a row that an archive should have and does not: recovery cannot pass them.
///
/// @param first of those that are missing
/// @param last of those that are missing
public record WalGap(String first, String last) {
  private static final int TIMELINE_DIGITS = 8;

  /// Runs of missing segments, from what should be there in order and what is not.
  public static List<WalGap> of(List<String> expected, List<String> missing) {
    var gaps = new ArrayList<WalGap>();
    var next = 0;
    for (var segment : missing) {
      var at = expected.indexOf(segment);
      if (!gaps.isEmpty() && at == next) {
        gaps.add(new WalGap(gaps.removeLast().first, segment));
      } else {
        gaps.add(new WalGap(segment, segment));
      }
      next = at + 1;
    }
    return List.copyOf(gaps);
  }

  /// The reverse of [#toString].
  public static WalGap parse(String text) {
    var ends = text.split("-", 2);
    return new WalGap(ends[0], ends[ends.length - 1]);
  }

  /// Whether a recovery that starts at the backup meets it.
  public boolean isAfterStartOf(BackupInfo backup) {
    var start = backup.archiveStart();
    return start != null && isAfter(start);
  }

  /// Whether a recovery that starts with this segment meets it.
  public boolean isAfter(String segment) {
    return position(last).compareTo(position(segment)) >= 0;
  }

  /// The position in the WAL, whatever the timeline.
  private static String position(String segment) {
    return segment.substring(TIMELINE_DIGITS);
  }

  /// `000000010000000000000007-00000001000000000000000A`, or the one that is missing
  @Override
  public String toString() {
    return first.equals(last) ? first : first + "-" + last;
  }
}
