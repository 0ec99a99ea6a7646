package com.dalibo.pgbackrest.operator.adoption;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.ApiServerConnection;
import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// A Stanza that an inspection has seen, and the operator that adopts its backups.
final class AdoptionStage implements AutoCloseable {
  private static final ObjectKey STANZA = new ObjectKey("default", "main");
  static final String OWNER = "owner: {cluster: demo, uid: c}";
  static final String FULL =
      "{label: 20261128-030000F, repository: 1, type: full, startTime: \"2026-11-28T03:00:00Z\", stopTime: \"2026-11-28T03:00:10Z\", size: 4096, repositorySize: 512, archive: {start: \"000000010000000000000003\", stop: \"000000010000000000000004\"}}";
  static final String INCREMENTAL =
      "{label: 20261128-030000F_20261128-120000I, prior: 20261128-030000F, repository: 1, type: incr, startTime: \"2026-11-28T12:00:00Z\", stopTime: \"2026-11-28T12:00:10Z\", archive: {start: \"000000010000000000000008\", stop: \"000000010000000000000009\"}}";
  static final String NAME = "demo-20261128-030000f-1";
  private static final TestCertificates CERTIFICATES = TestCertificates.create();

  final TestClock clock = new TestClock(Instant.parse("2026-11-29T10:00:00Z"));
  final Inventory inventory = new Inventory();
  final KubernetesApiServer api = KubernetesApiServer.start(CERTIFICATES);
  final KubernetesClient client;
  final Adoptions adoptions;
  private int inspections;

  AdoptionStage() {
    api.setClock(clock);
    client = new KubernetesClientBuilder().withConfig(ApiServerConnection.to(api)).build();
    inventory.completeWhen(() -> true);
    inventory.clustersKnownWhen(() -> true);
    adoptions = operator();
  }

  @Override
  public void close() {
    client.close();
    api.close();
  }

  /// An operator as it is after a start: it remembers nothing.
  Adoptions operator() {
    return new Adoptions(client, clock, inventory);
  }

  /// The Stanza without its wish for Backup objects.
  void withoutAdoptBackups() {
    inventory.putStanza(
        STANZA,
        api.get("stanzas", "default", "main")
            .orElseThrow()
            .toString()
            .replace("\"adoptBackups\":true", "\"adoptBackups\":false"));
  }

  /// An inspection has seen these backups.
  ///
  /// @param options owner, and gaps, code, older or path
  void inspected(String options, String... backups) {
    api.delete("stanzas", "default", "main");
    inspections++;
    var path = option(options, "path", "/a");
    api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: main, uid: s}
        spec:
          adoptBackups: true
          stanzaConfiguration:
            name: main
            volumeRepositories: [{name: near, claimName: a, repoPath: %s}]
        status:
          observedGeneration: 1
          inspection: {time: "2026-11-29T10:00:%02dZ", request: r}
          %s
          repositories: [{name: near, index: 1, code: %s, walGaps: %s}]
          catalogue: {older: %s, backups: [%s]}
        """
            .formatted(
                path,
                inspections,
                options.split(", (gaps|code|older|path): ", 2)[0],
                option(options, "code", "0"),
                option(options, "gaps", "[]"),
                option(options, "older", "0"),
                String.join(", ", backups)));
    inventory.putStanza(STANZA, api.get("stanzas", "default", "main").orElseThrow().toString());
    api.forgetRequests();
  }

  private static String option(String options, String name, String otherwise) {
    var parts = options.split(", " + name + ": ", 2);
    return parts.length == 2 ? parts[1] : otherwise;
  }

  void existing(String name, String cluster, String phase, String label, String index) {
    api.apply(
        """
        apiVersion: postgresql.cnpg.io/v1
        kind: Backup
        metadata: {name: %1$s, uid: uid-of-%1$s}
        spec: {cluster: {name: %2$s}}
        status: {phase: %3$s, backupId: "%4$s", pluginMetadata: {repository: "%5$s"}}
        """
            .formatted(name, cluster, phase, label, index));
  }

  void cluster(String uid, String parameters) {
    inventory.putCluster(
        new ObjectKey("default", "demo"),
        Cluster.parse(
            """
            {"metadata": {"name": "demo", "namespace": "default", "uid": "%s"}, "spec": {"plugins": [
              {"name": "pgbackrest.dalibo.com", "isWALArchiver": true, "parameters": %s}]}}
            """
                .formatted(uid, parameters)
                .getBytes(StandardCharsets.UTF_8)));
  }

  List<String> names() {
    return api.list("backups").stream()
        .map(backup -> backup.getAsJsonObject("metadata").get("name").getAsString())
        .toList();
  }

  JsonObject backup(String name) {
    return api.get("backups", "default", name).orElseThrow();
  }

  List<String> events() {
    return api.events().stream()
        .map(
            event ->
                "%s %s: %s"
                    .formatted(
                        event.get("type").getAsString(),
                        event.get("reason").getAsString(),
                        event.get("message").getAsString()))
        .toList();
  }

  static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }
}
