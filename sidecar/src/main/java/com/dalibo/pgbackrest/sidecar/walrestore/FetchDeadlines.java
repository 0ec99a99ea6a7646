package com.dalibo.pgbackrest.sidecar.walrestore;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// How long one attempt at a file may keep a standby from streaming: briefly at first, and several
/// times as long after each attempt that was cut off, so that a slow file arrives in the end.
final class FetchDeadlines {

  /// Long enough for a segment over a line that is not slow.
  static final Duration FIRST = Duration.ofSeconds(10);

  static final Duration LONGEST = Duration.ofHours(1);
  private static final int FACTOR = 4;

  /// A standby asks for a segment and a few history files in turn.
  private static final int REMEMBERED = 16;

  private final Map<Key, Duration> longer = new LinkedHashMap<>();

  /// A file of a stanza.
  private record Key(String stanza, String file) {}

  synchronized Duration of(String stanza, String file) {
    return longer.getOrDefault(new Key(stanza, file), FIRST);
  }

  synchronized void wasTooShort(String stanza, String file, Duration deadline) {
    var next = deadline.multipliedBy(FACTOR);
    var key = new Key(stanza, file);
    longer.remove(key);
    longer.put(key, next.compareTo(LONGEST) < 0 ? next : LONGEST);
    if (longer.size() > REMEMBERED) {
      longer.remove(longer.keySet().iterator().next());
    }
  }

  synchronized void arrived(String stanza, String file) {
    longer.remove(new Key(stanza, file));
  }
}
