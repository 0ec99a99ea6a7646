package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.drill.run.DrillObjects;
import com.dalibo.pgbackrest.operator.drill.run.DrillRoom;
import com.dalibo.pgbackrest.operator.drill.run.RunProgress;
import com.dalibo.pgbackrest.operator.event.EventWriter;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.operator.inventory.ReleaseRemedy;
import com.dalibo.pgbackrest.operator.inventory.RepeatedFailures;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// All restore drills: each is followed for itself, those whose runs have waited longest for room
/// first.
public final class Drills {

  private static final Log LOG = Log.of(Drills.class);

  /// Sorts after every time, which begins with a digit.
  private static final String NEVER = "never";

  private final InstantSource clock;
  private final Inventory inventory;
  private final DrillObjects objects;
  private final DrillProgress progress;
  private final OrphanedRuns orphans;
  private final DrillMetrics metrics;

  private final RepeatedFailures failures = new RepeatedFailures();

  public Drills(
      KubernetesClient client,
      InstantSource clock,
      Inventory inventory,
      RandomGenerator random,
      DrillMetrics metrics) {
    this.clock = clock;
    this.inventory = inventory;
    this.objects = new DrillObjects(client);
    var room = new DrillRoom(objects, inventory);
    var runs = new RunProgress(objects, clock, inventory, room);
    var attempts = new RunAttempts();
    this.progress =
        new DrillProgress(
            objects,
            clock,
            inventory,
            room,
            runs,
            attempts,
            new RunCreation(objects, random),
            new DrillEvents(new EventWriter(client), clock));
    this.orphans = new OrphanedRuns(objects, clock, runs, attempts);
    this.metrics = metrics;
  }

  /// Whether there is something to do is decided from the inventory, without a request; what is
  /// done, from what the API server has then.
  public void follow() {
    if (!inventory.isComplete() || !inventory.knowsDrills()) {
      return;
    }
    var known = inventory.restoreDrillRuns();
    var drills = inventory.restoreDrills();
    orphans.follow(known, drills.stream().map(Drills::key).collect(Collectors.toSet()));
    var runs = known.stream().collect(Collectors.groupingBy(OrphanedRuns::drill));
    metrics.present(
        drills.stream()
            .sorted(
                Comparator.comparing(
                        (RestoreDrill drill) ->
                            waitsSince(runs.getOrDefault(key(drill), List.of())))
                    .thenComparing(drill -> key(drill).toString()))
            .map(
                drill ->
                    follow(drill, DrillProgress.inOrder(runs.getOrDefault(key(drill), List.of()))))
            .sorted(Comparator.comparing(drill -> key(drill.drill()).toString()))
            .toList(),
        clock.instant());
  }

  private static String waitsSince(List<RestoreDrillRun> runs) {
    return runs.stream()
        .filter(run -> run.phase() == Phase.PENDING)
        .map(run -> run.spec().scheduledTime())
        .min(Comparator.naturalOrder())
        .orElse(NEVER);
  }

  /// @param runs oldest first
  private DrillMetrics.Drill follow(RestoreDrill drill, List<RestoreDrillRun> runs) {
    try {
      var after = progressed(drill, runs);
      failures.end(key(drill));
      return after;
    } catch (KubernetesClientException e) {
      warn(drill, ReleaseRemedy.words(e));
    } catch (InvalidStanzaException e) {
      warn(drill, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // Whatever is wrong with this drill, the others are followed.
      warn(drill, e.toString());
    }
    return new DrillMetrics.Drill(drill, drill.status(), runs);
  }

  private DrillMetrics.Drill progressed(RestoreDrill drill, List<RestoreDrillRun> runs)
      throws InvalidStanzaException {
    if (!progress.isAtRest(drill, runs)) {
      var now = objects.drill(drill.namespace(), drill.name());
      if (now.isPresent()) {
        return progress.advance(now.get());
      }
    }
    return new DrillMetrics.Drill(drill, drill.status(), runs);
  }

  private void warn(RestoreDrill drill, String cause) {
    if (failures.isNew(key(drill), cause)) {
      LOG.warning(
          "a drill was not followed and is tried again", "drill", key(drill), "cause", cause);
    }
  }

  private static ObjectKey key(RestoreDrill drill) {
    return new ObjectKey(drill.namespace(), drill.name());
  }
}
