package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import java.time.Duration;

/// For how long is believed what was read of the Secrets and ConfigMaps of a Stanza, where the
/// operator has to look at them again and again: they are not watched.
public final class ReadInterval {

  /// So many Stanzas cause requests in a minute, however many there are.
  private static final int PER_MINUTE = 20;

  private static final int PERCENT = 100;

  private ReadInterval() {}

  /// The least interval where there are few Stanzas. Where there are many it is longer, and up to a
  /// half shorter for some than for others, so that they are not all read in the same minute.
  ///
  /// @param stanzas how many are read like this one
  public static Duration of(Duration least, int stanzas, ObjectKey key) {
    var interval = Duration.ofMinutes(stanzas / PER_MINUTE);
    if (interval.compareTo(least) <= 0) {
      return least;
    }
    var less = Math.floorMod(key.hashCode(), PERCENT / 2);
    return interval.minus(interval.minus(least).multipliedBy(less).dividedBy(PERCENT));
  }
}
