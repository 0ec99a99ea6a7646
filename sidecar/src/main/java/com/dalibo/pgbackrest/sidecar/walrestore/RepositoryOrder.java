package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// In which order the repositories of a stanza are asked for a file: as the user numbered them, but
/// one that was in trouble a minute ago last, so that its timeout is not paid for every file.
final class RepositoryOrder {

  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private final Map<String, Long> troubles = new HashMap<>();

  synchronized List<Integer> of(StanzaSession session) {
    return session.numbers().stream()
        .sorted(Comparator.comparing((Integer number) -> inTrouble(session, number)))
        .toList();
  }

  synchronized void failed(StanzaSession session, int repository) {
    troubles.put(key(session, repository), System.nanoTime());
  }

  synchronized void answered(StanzaSession session, int repository) {
    troubles.remove(key(session, repository));
  }

  private boolean inTrouble(StanzaSession session, int repository) {
    var since = troubles.get(key(session, repository));
    return since != null && System.nanoTime() - since < REMEMBERED.toNanos();
  }

  private static String key(StanzaSession session, int repository) {
    return session.stanza().name() + "/" + repository;
  }
}
