package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.process.ProgramRunner;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesApi;
import com.dalibo.pgbackrest.sidecar.kubernetes.RestorePlanClient;
import com.dalibo.pgbackrest.sidecar.kubernetes.StanzaClient;
import com.dalibo.pgbackrest.sidecar.plan.RestorePlanning;
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
import java.io.IOException;
import java.time.Duration;

/// What the sidecar is made of in the Job of an inspection or of a plan, where it is alone and ends
/// by itself.
final class JobParts implements AutoCloseable {
  private static final Duration LAST_EVENTS = Duration.ofSeconds(5);

  private final SidecarSettings settings;
  private final Intervals intervals;
  private final KubernetesApi api;
  private final StanzaClient stanzas;
  private final ProgramRunner runner;
  private final StanzaOpener opener;

  JobParts(SidecarSettings settings, Intervals intervals) throws IOException {
    this.settings = settings;
    this.intervals = intervals;
    new WorkDirectories(settings).prepare();
    api = new KubernetesApi(settings.kubernetes(), settings.serviceAccountDirectory());
    stanzas = new StanzaClient(api);
    runner = new ProgramRunner(Duration.ofSeconds(3), settings.cloudIdentity());
    opener =
        new StanzaOpener(
            settings, stanzas, runner, new ProcessBound(MemoryLimit::ofContainer, (_, _) -> {}));
  }

  void inspect() throws Exception {
    var events = new Events(api, settings.podName());
    try (var verification = new Verification(settings.pgData(), intervals.verifyAgain())) {
      new Inspection(
              settings,
              stanzas,
              opener,
              new RepositorySurvey(settings.pgData(), ArchivingStatistics.ofNobody(), verification),
              new StatusWriter(stanzas, events),
              intervals.settle())
          .run();
    }
    events.awaitPosted(LAST_EVENTS);
  }

  void plan() throws Exception {
    new RestorePlanning(settings, new RestorePlanClient(api), stanzas, opener, intervals.settle())
        .run();
  }

  @Override
  public void close() {
    runner.close();
  }
}
