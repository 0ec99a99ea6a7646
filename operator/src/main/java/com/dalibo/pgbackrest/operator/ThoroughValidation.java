package com.dalibo.pgbackrest.operator;

import com.dalibo.pgbackrest.stanza.ForbiddenException;
import com.dalibo.pgbackrest.stanza.InstancePaths;
import com.dalibo.pgbackrest.stanza.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.Problem;
import com.dalibo.pgbackrest.stanza.Rendering;
import com.dalibo.pgbackrest.stanza.Secrets;
import com.dalibo.pgbackrest.stanza.Stanza;
import com.dalibo.pgbackrest.stanza.UnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What the user has to change about a Stanza and about what it refers to: it is rendered as a
/// sidecar would do it, and the result thrown away. For the conditions, not for hooks, because it
/// reads.
///
/// A Stanza is looked at again when it has changed; one that is good every minute, one that is not
/// each time: a Secret may come later, and go.
final class ThoroughValidation implements Validation {

  private static final Duration GOOD = Duration.ofMinutes(1);

  /// Nothing is written there.
  private static final InstancePaths NOWHERE =
      new InstancePaths(
          Path.of("/pgdata"),
          Path.of("/socket"),
          5432,
          Path.of("/lock"),
          Path.of("/spool"),
          Path.of("/ca"),
          InstancePaths.VOLUMES);

  private static final Log LOG = Log.of(ThoroughValidation.class);

  private record Look(Stanza stanza, Instant at, List<Problem> problems) {}

  private final Secrets secrets;
  private final InstantSource clock;
  private final Map<ObjectKey, Look> looks = new ConcurrentHashMap<>();

  ThoroughValidation(Secrets secrets, InstantSource clock) {
    this.secrets = secrets;
    this.clock = clock;
  }

  @Override
  public List<Problem> problems(Stanza stanza) {
    var key = new ObjectKey(stanza.namespace(), stanza.name());
    var last = looks.get(key);
    if (last != null && isStillGood(last, stanza)) {
      return last.problems();
    }
    try {
      var problems = look(stanza);
      looks.put(key, new Look(stanza, clock.instant(), problems));
      return problems;
    } catch (ForbiddenException | UnavailableException trouble) {
      LOG.warning("a stanza was not looked at", "stanza", key, "reason", trouble.getMessage());
      return last == null ? List.of() : last.problems();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return last == null ? List.of() : last.problems();
    }
  }

  private boolean isStillGood(Look last, Stanza stanza) {
    return last.problems().isEmpty()
        && last.stanza().spec().equals(stanza.spec())
        && clock.instant().isBefore(last.at().plus(GOOD));
  }

  private List<Problem> look(Stanza stanza)
      throws ForbiddenException, UnavailableException, InterruptedException {
    try {
      var _ = Rendering.configuration(stanza, secrets, NOWHERE);
      return List.of();
    } catch (InvalidStanzaException e) {
      return e.problems();
    }
  }
}
