package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.options.InstancePaths;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.Rendering;
import com.dalibo.pgbackrest.stanza.rendering.SecretReader;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
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
public final class RenderingValidation implements Validation {

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

  private static final Log LOG = Log.of(RenderingValidation.class);

  private record Look(Stanza stanza, Instant at, List<Problem> problems) {}

  private final SecretReader secrets;
  private final InstantSource clock;
  private final Map<ObjectKey, Look> looks = new ConcurrentHashMap<>();

  public RenderingValidation(SecretReader secrets, InstantSource clock) {
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
      LOG.warning("a Stanza could not be checked", "stanza", key, "cause", trouble.getMessage());
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
