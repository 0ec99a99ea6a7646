package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.process.ProgramRunner;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesApi;
import com.dalibo.pgbackrest.sidecar.kubernetes.RestorePlanClient;
import com.dalibo.pgbackrest.sidecar.kubernetes.StanzaClient;
import com.dalibo.pgbackrest.sidecar.plan.RestorePlanning;
import com.dalibo.pgbackrest.sidecar.session.ProcessBound;
import com.dalibo.pgbackrest.sidecar.session.StanzaOpener;
import com.dalibo.pgbackrest.sidecar.settings.Intervals;
import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import java.time.Duration;

/// What the sidecar is made of in the Job of a plan, where it is alone and ends by itself.
final class PlanParts {
  private PlanParts() {}

  static void run(SidecarSettings settings, Intervals intervals) throws Exception {
    new WorkDirectories(settings).prepare();
    var api = new KubernetesApi(settings.kubernetes(), settings.serviceAccountDirectory());
    var stanzas = new StanzaClient(api);
    try (var runner = new ProgramRunner(Duration.ofSeconds(3), settings.cloudIdentity())) {
      new RestorePlanning(
              settings,
              new RestorePlanClient(api),
              stanzas,
              new StanzaOpener(
                  settings,
                  stanzas,
                  runner,
                  new ProcessBound(MemoryLimit::ofContainer, (_, _) -> {})),
              intervals.settle())
          .run();
    }
  }
}
