package com.dalibo.pgbackrest.operator.adoption;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/// The events on a Stanza, each once as long as Kubernetes keeps it.
final class StanzaEvents {

  private static final Log LOG = Log.of(StanzaEvents.class);
  private static final int LONGEST = 1024;

  private final KubernetesClient client;
  private final InstantSource clock;

  StanzaEvents(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  void report(Stanza stanza, Problem problem) {
    var content = stanza.metadata().uid() + "\n" + problem.reason() + "\n" + problem.message();
    var id = UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8)).toString();
    var time = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    var message = problem.message();
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(stanza.namespace())
            .withName(stanza.name() + "." + id)
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(Stanza.API_VERSION)
            .withKind(Stanza.KIND)
            .withNamespace(stanza.namespace())
            .withName(stanza.name())
            .withUid(stanza.metadata().uid())
            .endInvolvedObject()
            .withType(problem.reason() == Reason.BACKUPS_ADOPTED ? "Normal" : "Warning")
            .withReason(problem.reason().word())
            .withMessage(message.substring(0, Math.min(message.length(), LONGEST)))
            .withNewSource()
            .withComponent(Plugin.NAME)
            .endSource()
            .withFirstTimestamp(time)
            .withLastTimestamp(time)
            .withCount(1)
            .build();
    try {
      var _ = client.resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        LOG.warning(
            "an event was not written",
            "stanza",
            stanza.namespace() + "/" + stanza.name(),
            "cause",
            e.getMessage());
      }
    }
  }
}
