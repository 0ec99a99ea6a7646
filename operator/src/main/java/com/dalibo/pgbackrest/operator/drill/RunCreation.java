package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.drill.run.DrillNames;
import com.dalibo.pgbackrest.operator.drill.run.DrillObjects;
import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.stanza.api.ApiWriter;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/// Creates runs of drills; the drill owns its runs.
final class RunCreation {
  private static final Log LOG = Log.of(RunCreation.class);

  private final DrillObjects objects;
  private final RandomGenerator random;

  RunCreation(DrillObjects objects, RandomGenerator random) {
    this.objects = objects;
    this.random = random;
  }

  /// @param before the runs of the drill, oldest first
  RestoreDrillRun create(
      RestoreDrill drill, Stanza stanza, NextRun.Due due, List<RestoreDrillRun> before)
      throws InvalidStanzaException {
    var spec = new RunRequest(drill, stanza, lastRepository(before)).spec(due.moment(), random);
    var run = new JsonObject();
    run.addProperty("apiVersion", Stanza.API_VERSION);
    run.addProperty("kind", RestoreDrillRun.KIND);
    run.add("metadata", metadata(drill, due.name()));
    run.add("spec", ApiWriter.object(spec));
    if (objects.create(Kinds.RESTORE_DRILL_RUNS, run)) {
      LOG.info("a drill has begun", "run", drill.namespace() + "/" + due.name());
    }
    return RestoreDrillRun.parse(run);
  }

  private static OptionalInt lastRepository(List<RestoreDrillRun> runs) {
    var last = runs.isEmpty() ? null : runs.getLast().spec().repository();
    return last == null ? OptionalInt.empty() : OptionalInt.of(last);
  }

  private static JsonObject metadata(RestoreDrill drill, String name) {
    var metadata = new JsonObject();
    metadata.addProperty("name", name);
    metadata.addProperty("namespace", drill.namespace());
    var labels = new JsonObject();
    labels.addProperty(DrillNames.DRILL, DrillNames.label(drill.name()));
    metadata.add("labels", labels);
    var owners = new JsonArray();
    owners.add(DrillObjects.owner(RestoreDrill.KIND, drill.metadata()));
    metadata.add("ownerReferences", owners);
    return metadata;
  }
}
