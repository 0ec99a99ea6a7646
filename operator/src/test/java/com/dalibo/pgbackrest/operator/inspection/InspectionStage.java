package com.dalibo.pgbackrest.operator.inspection;

import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.operator.job.JobStage;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// A Stanza with a Secret, and the operator that has it inspected.
final class InspectionStage extends JobStage {
  /// When the Stanza was created.
  Instant created = Instant.EPOCH;

  InspectionStage(KubernetesClient client) {
    super(client, Instant.now(), Kinds.STANZAS, "main");
    secret("one");
    stanza("{}");
  }

  void follow() {
    new Inspections(client, clock, inventory, "sidecar:1").follow();
  }

  void answered() {
    stanza("{inspection: {time: '%s', request: '%s'}}".formatted(clock.instant(), request()));
  }

  void stanza(String status) {
    stanza(status, "");
  }

  void stanza(String status, String annotation) {
    put(
        status,
        annotation,
        "{bucket: b, endpoint: e, region: r, repoPath: /r, secretRef: {accessKeyId: {name: s3-keys,"
            + " key: id}, secretAccessKey: {name: s3-keys, key: secret}}}");
  }

  void put(String status, String annotation, String repository) {
    var text =
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: main, namespace: default, uid: s, generation: 1, annotations: {%s}}
        spec: {stanzaConfiguration: {name: main, s3Repositories: [%s]}}
        status: %s
        """
            .formatted(annotation, repository, status);
    put(text);
    read();
  }

  /// As the informer does.
  void read() {
    inventory.putStanza(
        key("main"),
        json(
            stanza -> {
              var metadata = stanza.getMetadata();
              metadata.setUid("s");
              metadata.setCreationTimestamp(created.truncatedTo(ChronoUnit.SECONDS).toString());
            }));
  }

  void secret(String value) {
    var secrets = client.secrets().inNamespace("default");
    secrets.withName("s3-keys").delete();
    secrets
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("s3-keys")
                .endMetadata()
                .addToStringData("id", value)
                .build())
        .create();
  }

  void event(String kind, String suffix, String reason, String message) {
    client
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("e")
                .endMetadata()
                .withNewInvolvedObject()
                .withKind(kind)
                .withName(jobs().getFirst().getMetadata().getName() + suffix)
                .endInvolvedObject()
                .withType("Warning")
                .withReason(reason)
                .withMessage(message)
                .withLastTimestamp("2026-11-29T00:00:00Z")
                .build())
        .create();
  }
}
