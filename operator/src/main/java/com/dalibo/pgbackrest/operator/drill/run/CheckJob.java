package com.dalibo.pgbackrest.operator.drill.run;

import static com.dalibo.pgbackrest.operator.job.RestrictedJob.mount;
import static com.dalibo.pgbackrest.operator.job.RestrictedJob.variable;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.operator.job.RestrictedJob;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillSpec;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The Job that asks the restored Cluster: `checks.sh` in the image of its PostgreSQL. The password
/// is in a mounted Secret, the queries are in the environment, and the answer is the termination
/// message of the pod.
///
/// @param left the time in which it has to end
record CheckJob(RestoreDrillRun run, ClusterImage image, Duration left) {

  static final String CONTAINER = "checks";

  private static final String SUPERUSER = "superuser";
  private static final String SCRATCH = "scratch";
  private static final Quantity MEMORY_REQUEST = new Quantity("64Mi");

  /// Seconds in which the answers are written when a check has been stopped, so that it is named.
  private static final int ANSWER = 30;

  /// PostgreSQL counts milliseconds in an integer.
  private static final long LONGEST = 2_000_000;

  Job job() {
    return RestrictedJob.job(metadata(), left, pod()).build();
  }

  private ObjectMeta metadata() {
    return new ObjectMetaBuilder()
        .withName(DrillNames.job(run.name()))
        .withNamespace(run.namespace())
        .withLabels(
            Map.of(
                "app.kubernetes.io/managed-by",
                Plugin.CONTROLLER,
                DrillNames.DRILL,
                DrillNames.label(run.spec().drillRef())))
        .addNewOwnerReference()
        .withApiVersion(Stanza.API_VERSION)
        .withKind(RestoreDrillRun.KIND)
        .withName(run.name())
        .withUid(Objects.toString(run.metadata().uid(), ""))
        .withController(true)
        .endOwnerReference()
        .build();
  }

  private PodSpecBuilder pod() {
    return RestrictedJob.pod(image.pullSecrets(), container())
        .withAutomountServiceAccountToken(false)
        .withVolumes(
            new VolumeBuilder()
                .withName(SUPERUSER)
                .withNewSecret()
                .withSecretName(DrillNames.cluster(run.name()) + "-superuser")
                .endSecret()
                .build(),
            RestrictedJob.scratch(SCRATCH, "256Mi"));
  }

  private ContainerBuilder container() {
    return RestrictedJob.container(CONTAINER, image.name(), MEMORY_REQUEST)
        .withCommand("/bin/sh", "-c", script())
        .withEnv(environment())
        .withVolumeMounts(mount(SUPERUSER, "/superuser", true), mount(SCRATCH, "/tmp", false));
  }

  private List<EnvVar> environment() {
    var variables = new ArrayList<EnvVar>();
    variables.add(variable("PGHOST", DrillNames.cluster(run.name()) + "-rw"));
    variables.add(variable("PAGES", Boolean.TRUE.equals(run.spec().pages()) ? "yes" : "no"));
    variables.add(
        variable("LIMIT", Long.toString(Math.clamp(left.toSeconds() - ANSWER, 1L, LONGEST))));
    var checks = checks(run);
    variables.add(variable("CHECKS", Integer.toString(checks.size())));
    for (int i = 0; i < checks.size(); i++) {
      var database = checks.get(i).database();
      variables.add(variable("DATABASE_" + i, database == null ? "app" : database));
      // Kubernetes replaces $(NAME) by a variable, and $$ by $.
      variables.add(variable("SQL_" + i, checks.get(i).sql().replace("$", "$$")));
    }
    return variables;
  }

  static List<RestoreDrillSpec.Check> checks(RestoreDrillRun run) {
    return Objects.requireNonNullElse(run.spec().checks(), List.of());
  }

  /// The script that the pod runs.
  static String script() {
    try (var script = CheckJob.class.getResourceAsStream("checks.sh")) {
      return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
