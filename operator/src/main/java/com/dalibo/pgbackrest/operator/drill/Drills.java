package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.drill.run.DrillNames;
import com.dalibo.pgbackrest.operator.drill.run.DrillObjects;
import com.dalibo.pgbackrest.operator.drill.run.DrillRoom;
import com.dalibo.pgbackrest.operator.drill.run.RunProgress;
import com.dalibo.pgbackrest.operator.event.EventSubject;
import com.dalibo.pgbackrest.operator.event.EventWriter;
import com.dalibo.pgbackrest.operator.event.ObjectEvent;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.operator.inventory.ReleaseRemedy;
import com.dalibo.pgbackrest.operator.inventory.RepeatedFailures;
import com.dalibo.pgbackrest.stanza.api.ApiWriter;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillSpec;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillStatus;
import com.dalibo.pgbackrest.stanza.api.reason.DrillReason;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Has drills take place: makes the runs that are due, brings each run further, and writes down
/// what they have shown, and what did not take place.
public final class Drills {

  private static final Log LOG = Log.of(Drills.class);

  /// In which a drill that cannot be run may still be corrected, or its Stanza come.
  private static final Duration SETTLED = Duration.ofMinutes(1);

  private static final int KEPT = 5;

  /// Is after every time that is written with digits.
  private static final String NEVER = "never";

  private final InstantSource clock;
  private final Inventory inventory;
  private final RandomGenerator random;
  private final DrillObjects objects;
  private final DrillRoom room;
  private final RunProgress progress;
  private final EventWriter events;
  private final DrillMetrics metrics;
  private final OrphanedRuns orphans;

  private final RepeatedFailures failures = new RepeatedFailures();
  private final RepeatedFailures runFailures = new RepeatedFailures();

  public Drills(
      KubernetesClient client,
      InstantSource clock,
      Inventory inventory,
      RandomGenerator random,
      DrillMetrics metrics) {
    this.clock = clock;
    this.inventory = inventory;
    this.random = random;
    this.objects = new DrillObjects(client);
    this.room = new DrillRoom(objects, inventory);
    this.progress = new RunProgress(objects, clock, inventory, room);
    this.events = new EventWriter(client);
    this.metrics = metrics;
    this.orphans = new OrphanedRuns(objects, clock);
  }

  /// Whether there is something to do is decided from the inventory, without a request; what is
  /// done, from what the API server has then.
  public void follow() {
    if (!inventory.isComplete() || !inventory.knowsDrills()) {
      return;
    }
    var known = inventory.restoreDrillRuns();
    var runs = known.stream().collect(Collectors.groupingBy(Drills::drillOf));
    followOrphans(known);
    metrics.present(
        inventory.restoreDrills().stream()
            .sorted(
                Comparator.comparing(
                        (RestoreDrill drill) ->
                            waitsSince(runs.getOrDefault(key(drill), List.of())))
                    .thenComparing(drill -> key(drill).toString()))
            .map(drill -> follow(drill, inOrder(runs.getOrDefault(key(drill), List.of()))))
            .sorted(Comparator.comparing(drill -> key(drill.drill()).toString()))
            .toList(),
        clock.instant());
  }

  /// Who has waited longest for room is next.
  private static String waitsSince(List<RestoreDrillRun> runs) {
    return runs.stream()
        .filter(run -> run.phase() == Phase.PENDING)
        .map(run -> run.spec().scheduledTime())
        .min(Comparator.naturalOrder())
        .orElse(NEVER);
  }

  private static ObjectKey drillOf(RestoreDrillRun run) {
    return new ObjectKey(run.namespace(), run.spec().drillRef());
  }

  private void followOrphans(Collection<RestoreDrillRun> runs) {
    var drills = inventory.restoreDrills().stream().map(Drills::key).collect(Collectors.toSet());
    for (var run : runs) {
      if (!drills.contains(drillOf(run))) {
        var _ =
            attempt(
                run,
                () -> {
                  var orphan = orphans.unended(run);
                  return orphan.isPresent() ? progress.finish(orphan.get()) : run;
                });
      }
    }
  }

  private static List<RestoreDrillRun> inOrder(List<RestoreDrillRun> runs) {
    return runs.stream()
        .sorted(Comparator.comparing((RestoreDrillRun run) -> run.spec().scheduledTime()))
        .toList();
  }

  /// @param runs oldest first
  private DrillMetrics.Drill follow(RestoreDrill drill, List<RestoreDrillRun> runs) {
    try {
      var after =
          isAtRest(drill, runs)
              ? Optional.<DrillMetrics.Drill>empty()
              : objects.drill(drill.namespace(), drill.name()).map(this::advance);
      failures.end(key(drill));
      return after.orElseGet(() -> new DrillMetrics.Drill(drill, drill.status(), runs));
    } catch (KubernetesClientException e) {
      warn(drill, ReleaseRemedy.words(e));
      return new DrillMetrics.Drill(drill, drill.status(), runs);
    } catch (RuntimeException e) {
      // Whatever is wrong with this one, the others have theirs.
      warn(drill, e.toString());
      return new DrillMetrics.Drill(drill, drill.status(), runs);
    }
  }

  /// Nothing is due, no run can be brought further, and all that has been shown is written down.
  private boolean isAtRest(RestoreDrill drill, List<RestoreDrillRun> runs) {
    var step = step(drill, runs);
    return runs.stream().allMatch(run -> run.phase() == Phase.ENDED || room.keepsWaiting(run))
        && step.newRun(runs).isEmpty()
        && step.status(drill, runs, clock.instant()).equals(drill.status())
        && forgotten(drill, runs).isEmpty();
  }

  private DrillMetrics.Drill advance(RestoreDrill drill) {
    var runs = new ArrayList<RestoreDrillRun>();
    inOrder(objects.runs(drill)).forEach(run -> runs.add(advanced(run)));
    try {
      var status = next(drill, runs);
      if (status.isPresent()) {
        forgotten(drill, runs).forEach(objects::deleteRun);
      }
      return new DrillMetrics.Drill(drill, status.orElse(drill.status()), runs);
    } catch (InvalidStanzaException e) {
      warn(drill, String.valueOf(e.getMessage()));
      return new DrillMetrics.Drill(drill, drill.status(), runs);
    }
  }

  private interface Attempt {
    RestoreDrillRun make() throws InvalidStanzaException;
  }

  private RestoreDrillRun advanced(RestoreDrillRun run) {
    return attempt(run, () -> progress.advance(run));
  }

  private RestoreDrillRun attempt(RestoreDrillRun run, Attempt attempt) {
    var key = new ObjectKey(run.namespace(), run.name());
    try {
      var after = attempt.make();
      runFailures.end(key);
      return after;
    } catch (KubernetesClientException e) {
      warn(key, ReleaseRemedy.words(e));
      return run;
    } catch (InvalidStanzaException e) {
      warn(key, String.valueOf(e.getMessage()));
      return run;
    } catch (RuntimeException e) {
      // It keeps neither the other runs of the drill from ending nor the next from beginning.
      warn(key, e.toString());
      return run;
    }
  }

  private void warn(RestoreDrill drill, String cause) {
    if (failures.isNew(key(drill), cause)) {
      LOG.warning(
          "a drill was not followed and is tried again", "drill", key(drill), "cause", cause);
    }
  }

  private void warn(ObjectKey run, String cause) {
    if (runFailures.isNew(run, cause)) {
      LOG.warning(
          "a run of a drill was not followed and is tried again", "run", run, "cause", cause);
    }
  }

  /// What is to be done for a drill now.
  private record Step(
      Optional<Stanza> stanza, Schedule schedule, Optional<Problem> invalid, Turn turn) {

    /// The run that is to be made.
    Optional<Due> newRun(List<RestoreDrillRun> runs) {
      return turn.run().filter(due -> !isThere(due, runs));
    }

    RestoreDrillStatus status(RestoreDrill drill, List<RestoreDrillRun> runs, Instant now) {
      var repositories =
          stanza.map(found -> RunRequest.repositories(drill, found)).orElse(Set.of());
      return new DrillStatus(drill, List.copyOf(runs), repositories, now)
          .status(invalid, schedule.times(), turn.missed(), turn.lastDue(), turn.request());
    }
  }

  private Step step(RestoreDrill drill, List<RestoreDrillRun> runs) {
    var stanza =
        inventory.readableStanza(new ObjectKey(drill.namespace(), drill.spec().stanzaRef()));
    var schedule = schedule(drill, clock.instant());
    var invalid = schedule.problem().or(() -> RunRequest.problem(drill, stanza));
    return new Step(stanza, schedule, invalid, turn(drill, schedule.times(), runs, invalid));
  }

  /// Makes the run that is due, and writes the status of the drill.
  ///
  /// @return what is written; empty if the drill is no longer as it was read
  private Optional<RestoreDrillStatus> next(RestoreDrill drill, List<RestoreDrillRun> runs)
      throws InvalidStanzaException {
    var step = step(drill, runs);
    var due = step.newRun(runs);
    if (due.isPresent()) {
      runs.add(create(drill, step.stanza().orElseThrow(), due.get(), runs));
    }
    var ended = new DrillStatus(drill, List.copyOf(runs), Set.of(), clock.instant()).uncounted();
    var wanted = step.status(drill, runs, clock.instant());
    if (wanted.equals(drill.status())) {
      return Optional.of(wanted);
    }
    for (var run : ended) {
      report(drill, run);
    }
    step.turn()
        .missed()
        .ifPresent(missed -> report(drill, missed.due().toString(), missed.problem()));
    return objects
        .patchStatus(
            Kinds.RESTORE_DRILLS,
            drill.namespace(),
            drill.name(),
            String.valueOf(drill.metadata().resourceVersion()),
            ApiWriter.mergePatch(wanted))
        .map(_ -> wanted);
  }

  /// @param about the run, or the moment that was missed
  private void report(RestoreDrill drill, String about, Problem problem) {
    var subject = EventSubject.of(drill);
    var _ = events.create(new ObjectEvent(subject, about, problem, clock.instant()));
  }

  private void report(RestoreDrill drill, RestoreDrillRun run) {
    var status = Objects.requireNonNull(run.status());
    var reason =
        Reason.of(Objects.toString(status.reason(), "")).orElse(DrillReason.DRILL_SUCCEEDED);
    var message = "run '%s': %s".formatted(run.name(), status.message());
    report(drill, run.name(), new Problem(reason, message));
    LOG.info(
        "a drill has ended",
        "run",
        run.namespace() + "/" + run.name(),
        "result",
        status.result(),
        "message",
        status.message());
  }

  // -- whose turn it is --------------------------------------------------------------------------

  private record Schedule(Optional<CronSchedule> times, Optional<Problem> problem) {}

  private static Schedule schedule(RestoreDrill drill, Instant now) {
    var text = drill.spec().schedule();
    if (text == null) {
      return new Schedule(Optional.empty(), Optional.empty());
    }
    try {
      var times = CronSchedule.parse(text);
      return times.next(now).isPresent()
          ? new Schedule(Optional.of(times), Optional.empty())
          : noSchedule(
              drill,
              "the schedule '%s' is never due: no moment of the next five years is among its own"
                  .formatted(text));
    } catch (IllegalArgumentException e) {
      return noSchedule(drill, String.valueOf(e.getMessage()));
    }
  }

  private static Schedule noSchedule(RestoreDrill drill, String why) {
    return new Schedule(
        Optional.empty(),
        Optional.of(
            new Problem(
                DrillReason.DRILL_INVALID,
                "%s; correct spec.schedule of the RestoreDrill '%s'"
                    .formatted(why, drill.name()))));
  }

  /// A run that is to be made.
  private record Due(String name, Instant moment) {}

  /// What is to be done now.
  private record Turn(
      Optional<Due> run,
      Optional<DrillStatus.Missed> missed,
      @Nullable String lastDue,
      @Nullable String request) {}

  private Turn turn(
      RestoreDrill drill,
      Optional<CronSchedule> schedule,
      List<RestoreDrillRun> runs,
      Optional<Problem> invalid) {
    var now = clock.instant();
    var before = Optional.ofNullable(drill.status());
    var lastDue = before.map(RestoreDrillStatus::lastScheduleTime).map(due -> past(due, now));
    var lastRequest = before.map(RestoreDrillStatus::lastRequest);
    var isBusy = runs.stream().anyMatch(run -> run.result().isEmpty());
    var request = drill.metadata().annotation(DrillNames.DRILL);
    if (request.isPresent() && !request.equals(lastRequest) && !isBusy && invalid.isEmpty()) {
      var due = new Due(DrillNames.ofRequestedRun(drill.name(), request.get()), now);
      return new Turn(Optional.of(due), Optional.empty(), lastDue.orElse(null), request.get());
    }
    var asked = lastRequest.orElse(null);
    var created = Instant.parse(Objects.requireNonNull(drill.metadata().creationTimestamp()));
    if (schedule.isEmpty()) {
      if (lastDue.isPresent() || invalid.isPresent() || drill.spec().schedule() != null) {
        return new Turn(Optional.empty(), Optional.empty(), lastDue.orElse(null), asked);
      }
      var due = new Due(DrillNames.ofRun(drill.name(), created), created);
      return new Turn(Optional.of(due), Optional.empty(), created.toString(), asked);
    }
    var due = DueRuns.of(schedule.get(), lookedAt(drill, created, now), now);
    if (due.last().isEmpty()) {
      return new Turn(Optional.empty(), Optional.empty(), lastDue.orElse(null), asked);
    }
    var last = due.last().get();
    if (invalid.isPresent() && now.isBefore(last.plus(SETTLED))) {
      return new Turn(Optional.empty(), Optional.empty(), lastDue.orElse(null), asked);
    }
    var run = new Due(DrillNames.ofRun(drill.name(), last), last);
    if (isThere(run, runs) || (due.run().isPresent() && !isBusy && invalid.isEmpty())) {
      var missed = due.lastMissed().map(moment -> down(moment, due.missed()));
      return new Turn(Optional.of(run), missed, last.toString(), asked);
    }
    var problem =
        due.run().isEmpty()
            ? down(last, due.missed()).problem()
            : invalid.orElseGet(() -> busy(drill, runs, last));
    var times = due.missed() + (due.run().isPresent() ? 1 : 0);
    return new Turn(
        Optional.empty(),
        Optional.of(new DrillStatus.Missed(last, times, problem)),
        last.toString(),
        asked);
  }

  /// The clock may have been ahead for a while; then nothing would be due until it is there again.
  private static String past(String due, Instant now) {
    return Instant.parse(due).isAfter(now) ? now.truncatedTo(ChronoUnit.SECONDS).toString() : due;
  }

  /// From when on runs are due that were not looked at yet. Nobody was to run a drill before its
  /// spec asked for that, and of a change nothing but itself is known.
  private static Instant lookedAt(RestoreDrill drill, Instant created, Instant now) {
    var status = drill.status();
    var last = status == null ? null : status.lastScheduleTime();
    var before = last == null ? created : Instant.parse(past(last, now));
    var isChanged =
        status != null
            && !Objects.equals(status.observedGeneration(), drill.metadata().generation());
    var earliest = now.minus(DueRuns.LATE);
    return isChanged && before.isBefore(earliest) ? earliest : before;
  }

  /// Made by an operator that did not come to write down so.
  private static boolean isThere(Due due, List<RestoreDrillRun> runs) {
    return runs.stream().anyMatch(run -> run.name().equals(due.name()));
  }

  private static DrillStatus.Missed down(Instant last, int times) {
    return new DrillStatus.Missed(
        last,
        times,
        new Problem(
            DrillReason.DRILL_OPERATOR_DOWN,
            "no operator was running when the drill was due, %d times until %s; find out why: kubectl get pods --all-namespaces --selector app.kubernetes.io/name=pgbackrest"
                .formatted(times, last)));
  }

  private static Problem busy(RestoreDrill drill, List<RestoreDrillRun> runs, Instant last) {
    var running =
        runs.stream()
            .filter(run -> run.result().isEmpty())
            .map(RestoreDrillRun::name)
            .findFirst()
            .orElse("");
    return new Problem(
        DrillReason.DRILL_STILL_RUNNING,
        "run '%s' had not ended when the drill was due at %s; give the RestoreDrill '%s' a longer period or a shorter spec.timeout"
            .formatted(running, last, drill.name()));
  }

  private RestoreDrillRun create(
      RestoreDrill drill, Stanza stanza, Due due, List<RestoreDrillRun> runs)
      throws InvalidStanzaException {
    var before =
        runs.isEmpty() || runs.getLast().spec().repository() == null
            ? OptionalInt.empty()
            : OptionalInt.of(runs.getLast().spec().repository());
    var spec = new RunRequest(drill, stanza, before).spec(due.moment(), random);
    var run = new JsonObject();
    run.addProperty("apiVersion", Stanza.API_VERSION);
    run.addProperty("kind", RestoreDrillRun.KIND);
    run.add("metadata", metadata(drill, due.name()));
    run.add("spec", withoutNulls(ApiWriter.mergePatch(spec)));
    if (objects.create(Kinds.RESTORE_DRILL_RUNS, run)) {
      LOG.info("a drill has begun", "run", drill.namespace() + "/" + due.name());
    }
    return RestoreDrillRun.parse(run);
  }

  private static JsonObject metadata(RestoreDrill drill, String name) {
    var metadata = new JsonObject();
    metadata.addProperty("name", name);
    metadata.addProperty("namespace", drill.namespace());
    var labels = new JsonObject();
    labels.addProperty(DrillNames.DRILL, DrillNames.label(drill.name()));
    metadata.add("labels", labels);
    var owner = new JsonObject();
    owner.addProperty("apiVersion", Stanza.API_VERSION);
    owner.addProperty("kind", RestoreDrill.KIND);
    owner.addProperty("name", drill.name());
    owner.addProperty("uid", Objects.toString(drill.metadata().uid(), ""));
    owner.addProperty("controller", true);
    var owners = new JsonArray();
    owners.add(owner);
    metadata.add("ownerReferences", owners);
    return metadata;
  }

  private static JsonObject withoutNulls(JsonObject json) {
    var kept = new JsonObject();
    json.entrySet().stream()
        .filter(field -> !field.getValue().isJsonNull())
        .forEach(
            field ->
                kept.add(
                    field.getKey(),
                    field.getValue() instanceof JsonObject object
                        ? withoutNulls(object)
                        : field.getValue()));
    return kept;
  }

  // -- history -----------------------------------------------------------------------------------

  /// The oldest runs that have ended and are beyond the history.
  private static List<RestoreDrillRun> forgotten(RestoreDrill drill, List<RestoreDrillRun> runs) {
    var history = Optional.ofNullable(drill.spec().history());
    var good = history.map(RestoreDrillSpec.History::successful).orElse(KEPT);
    var bad = history.map(RestoreDrillSpec.History::failed).orElse(KEPT);
    var newestFirst = runs.reversed();
    return Stream.concat(
            beyond(newestFirst, good, true).stream(), beyond(newestFirst, bad, false).stream())
        .toList();
  }

  private static List<RestoreDrillRun> beyond(
      List<RestoreDrillRun> newestFirst, int kept, boolean successful) {
    return newestFirst.stream()
        .filter(run -> run.phase() == Phase.ENDED)
        .filter(run -> run.result().filter(Result.SUCCEEDED::equals).isPresent() == successful)
        .skip(kept)
        .toList();
  }

  private static ObjectKey key(RestoreDrill drill) {
    return new ObjectKey(drill.namespace(), drill.name());
  }
}
