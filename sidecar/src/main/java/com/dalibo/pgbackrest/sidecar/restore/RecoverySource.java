package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.selection.RestoreTarget;
import com.dalibo.pgbackrest.sidecar.choice.ChoiceReporter;
import com.dalibo.pgbackrest.sidecar.choice.ChosenBackup;
import com.dalibo.pgbackrest.sidecar.choice.RecoveryChoice;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.cluster.RequestedRecovery;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;

/// The stanza a cluster is recovered from: what is chosen in it, and what there is to say about the
/// choice in the log and in events.
public final class RecoverySource {
  private static final Log log = Log.named("restore");

  private final StanzaSessions sessions;
  private final Events events;

  public RecoverySource(StanzaSessions sessions, Events events) {
    this.sessions = sessions;
    this.events = events;
  }

  ChosenBackup choose(Cluster cluster, RequestedRecovery requested) throws Exception {
    var reference = StanzaReferences.of(cluster).get(StanzaPurpose.RECOVERY);
    return sessions.with(
        cluster,
        reference,
        session -> {
          var chosen =
              new RecoveryChoice(cluster, reference, session, new Reports(cluster))
                  .choose(requested);
          log.info("chose the backup", words(chosen, requested));
          forecast(cluster, session, chosen, requested);
          return chosen;
        });
  }

  private static Object[] words(ChosenBackup chosen, RequestedRecovery requested) {
    return new Object[] {
      "backupLabel",
      chosen.backup().label(),
      "repository",
      chosen.repository().label(),
      "stanza",
      chosen.stanza().name(),
      "ended",
      chosen.backup().timestampStop(),
      "target",
      requested.target(),
      "cause",
      chosen.because(requested)
    };
  }

  private void forecast(
      Cluster cluster, StanzaSession session, ChosenBackup chosen, RequestedRecovery requested) {
    if (requested.request().target() instanceof RestoreTarget.Latest && chosen.silent().isEmpty()) {
      new WalGapForecast(session, chosen.info(), chosen.timelines(), events)
          .look(cluster, chosen.backup(), requested.request().timeline());
    }
  }

  private final class Reports implements ChoiceReporter {
    private final Cluster cluster;

    Reports(Cluster cluster) {
      this.cluster = cluster;
    }

    @Override
    public void unreachable(String message) {
      log.warning(message);
      events.warning(cluster, StanzaReason.REPOSITORY_UNREACHABLE, message);
    }

    @Override
    public void passedOver(String reason) {
      log.info("skipped: " + reason);
    }

    @Override
    public void unusable(String message) {
      log.warning(message);
      events.warning(cluster, RestoreReason.BACKUP_UNUSABLE, message);
    }
  }
}
