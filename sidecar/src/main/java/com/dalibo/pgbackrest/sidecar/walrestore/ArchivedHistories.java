package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.postgres.TimelineHistory;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.walretry.WalRetryPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The histories of timelines that a stanza has. One does not change once it is archived.
public final class ArchivedHistories {
  private static final int REMEMBERED = 8;

  private final Path workDirectory;
  private final WalGet walGet;
  private final Map<Key, TimelineHistory> histories = new LinkedHashMap<>();

  public ArchivedHistories(Path workDirectory, WalGet walGet) {
    this.workDirectory = workDirectory;
    this.walGet = walGet;
  }

  /// A timeline of the cluster that archives to a stanza.
  private record Key(String stanza, int timeline) {}

  /// Empty where every repository said that it has none.
  synchronized Optional<TimelineHistory> of(StanzaSession session, int timeline)
      throws RepositoriesException, PreconditionException, IOException, InterruptedException {
    var key = new Key(session.stanza().name(), timeline);
    var known = histories.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    var name = "%08X.history".formatted(timeline);
    var file = workDirectory.resolve(name);
    try {
      Files.deleteIfExists(file);
      if (!walGet.fetch(session, name, file, WalRetryPolicy.ONCE, Optional.empty())) {
        return Optional.empty();
      }
      var history = TimelineHistory.parse(timeline, Files.readString(file));
      histories.put(key, history);
      if (histories.size() > REMEMBERED) {
        histories.remove(histories.keySet().iterator().next());
      }
      return Optional.of(history);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
