package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.StanzaSpec;
import com.dalibo.pgbackrest.stanza.api.reason.ConditionType;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// What the user has to change about a Stanza and about what it refers to: it is rendered as a
/// sidecar would do it, and the result thrown away. For the conditions, not for hooks, because it
/// reads.
///
/// A Stanza is looked at again when it has changed. One that is good is looked at rarely, since its
/// sidecars say what is wrong with its Secrets, and each minute while they do. One that is not good
/// is looked at each time, but for the next few seconds: a Secret may come later. Where many fail,
/// as in an outage of their store, or many are not good, the time between two looks is longer.
public final class RenderingValidation {

  /// Plus or minus a quarter, so that a thousand Stanzas are not looked at in the same minute.
  private static final Duration GOOD = Duration.ofHours(2);

  private static final Duration FAILING = Duration.ofMinutes(1);
  private static final Duration NOT_GOOD = Duration.ofSeconds(5);

  private static final Set<ConditionType> FROM_SIDECARS =
      Set.of(ConditionType.REPOSITORIES_REACHABLE, ConditionType.ARCHIVING);

  /// What the operator says of a Stanza that no sidecar serves.
  private static final Set<Reason> LEFT =
      Set.of(StanzaReason.CLUSTER_GONE, StanzaReason.PLUGIN_DISABLED, StanzaReason.NO_CLUSTER);

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

  private record Look(StanzaSpec spec, Instant at, List<Problem> problems, Duration whileGood) {}

  private final SecretReader secrets;
  private final InstantSource clock;
  private final Map<ObjectKey, Look> looks = new ConcurrentHashMap<>();
  private final Set<ObjectKey> failing = ConcurrentHashMap.newKeySet();
  private final Set<ObjectKey> notGood = ConcurrentHashMap.newKeySet();

  public RenderingValidation(SecretReader secrets, InstantSource clock) {
    this.secrets = secrets;
    this.clock = clock;
  }

  /// The problems of a Stanza; empty if what it refers to cannot be read, and it is unknown whether
  /// there are any.
  public Optional<List<Problem>> problems(Stanza stanza) {
    var key = new ObjectKey(stanza.namespace(), stanza.name());
    var last = looks.get(key);
    keep(failing, key, isFailing(stanza));
    if (last != null && isStillGood(last, stanza, key)) {
      return Optional.of(last.problems());
    }
    try {
      var problems = look(stanza);
      looks.put(key, new Look(stanza.spec(), clock.instant(), problems, ofGood()));
      keep(notGood, key, !problems.isEmpty());
      return Optional.of(problems);
    } catch (ForbiddenException | UnavailableException trouble) {
      LOG.warning("a Stanza could not be checked", "stanza", key, "cause", trouble.getMessage());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static void keep(Set<ObjectKey> keys, ObjectKey key, boolean isOne) {
    var _ = isOne ? keys.add(key) : keys.remove(key);
  }

  private boolean isStillGood(Look last, Stanza stanza, ObjectKey key) {
    return last.spec().equals(stanza.spec())
        && clock.instant().isBefore(last.at().plus(validFor(last, key)));
  }

  private Duration validFor(Look last, ObjectKey key) {
    if (!last.problems().isEmpty()) {
      return ReadInterval.of(NOT_GOOD, notGood.size(), key);
    }
    return failing.contains(key) ? ReadInterval.of(FAILING, failing.size(), key) : last.whileGood();
  }

  private static Duration ofGood() {
    var seconds = GOOD.toSeconds();
    return GOOD.plusSeconds(ThreadLocalRandom.current().nextLong(-seconds / 4, seconds / 4));
  }

  /// Whether a sidecar says that something is wrong.
  private static boolean isFailing(Stanza stanza) {
    var status = stanza.status();
    return status != null
        && Objects.requireNonNullElse(status.conditions(), List.<StanzaCondition>of()).stream()
            .anyMatch(
                condition ->
                    FROM_SIDECARS.stream().anyMatch(condition::is)
                        && !condition.status().equals("True")
                        && LEFT.stream().noneMatch(left -> left.word().equals(condition.reason())));
  }

  /// Forgets Stanzas that are no more.
  public void keepOnly(Set<ObjectKey> stanzas) {
    looks.keySet().retainAll(stanzas);
    failing.retainAll(stanzas);
    notGood.retainAll(stanzas);
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
