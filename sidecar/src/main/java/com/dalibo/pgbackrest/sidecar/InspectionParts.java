package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.process.ProgramRunner;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesApi;
import com.dalibo.pgbackrest.sidecar.kubernetes.StanzaClient;
import com.dalibo.pgbackrest.sidecar.session.ProcessBound;
import com.dalibo.pgbackrest.sidecar.session.StanzaOpener;
import com.dalibo.pgbackrest.sidecar.settings.Intervals;
import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.sidecar.status.Inspection;
import com.dalibo.pgbackrest.sidecar.status.RepositorySurvey;
import com.dalibo.pgbackrest.sidecar.status.StatusWriter;
import com.dalibo.pgbackrest.sidecar.verify.Verification;
import com.dalibo.pgbackrest.sidecar.walarchive.ArchivingStatistics;
import java.time.Duration;

/// What the sidecar is made of in the Job of an inspection, where it is alone and ends by itself.
final class InspectionParts {
  private static final Duration LAST_EVENTS = Duration.ofSeconds(5);

  private InspectionParts() {}

  static void run(SidecarSettings settings, Intervals intervals) throws Exception {
    new WorkDirectories(settings).prepare();
    var api = new KubernetesApi(settings.kubernetes(), settings.serviceAccountDirectory());
    var stanzas = new StanzaClient(api);
    var events = new Events(api, settings.podName());
    try (var runner = new ProgramRunner(Duration.ofSeconds(3), settings.cloudIdentity());
        var verification = new Verification(settings.pgData(), intervals.verifyAgain())) {
      new Inspection(
              settings,
              stanzas,
              new StanzaOpener(
                  settings,
                  stanzas,
                  runner,
                  new ProcessBound(MemoryLimit::ofContainer, (_, _) -> {})),
              new RepositorySurvey(settings.pgData(), ArchivingStatistics.ofNobody(), verification),
              new StatusWriter(stanzas, events),
              intervals.settle())
          .run();
    }
    events.awaitPosted(LAST_EVENTS);
  }
}
