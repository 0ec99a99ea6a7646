package com.dalibo.pgbackrest.operator.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.operator.ApiServerConnection;
import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import com.google.gson.JsonObject;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A namespace with a Stanza of two repositories, and what CNPG and Kubernetes do with the objects
/// of a drill, step by step.
final class DrillStage implements AutoCloseable {
  static final String NIGHTLY = "schedule: '0 0 3 * * *'";
  static final String CHECKED =
      "checks: [{name: orders, database: app, sql: SELECT true}], pages: true";
  static final String NAME = "drill-nightly-20261129-025930";

  static final String PASSED =
      """
      {"postgres": "17.6", "size": 1000, "checks": [{"passed": true}], "pages": {"passed": true, "read": 42, "checksums": true, "answer": ""}}
      """;

  private static final TestCertificates CERTIFICATES = TestCertificates.create();

  final KubernetesApiServer api;
  final KubernetesClient client;
  final TestClock clock = new TestClock(Instant.parse("2026-11-29T02:59:30Z"));
  final Inventory inventory = new Inventory();
  final DrillMetrics metrics = new DrillMetrics(clock);
  String answer = PASSED;
  private boolean isRecoveryRemovedEarly;

  DrillStage() {
    api = KubernetesApiServer.start(CERTIFICATES);
    api.setClock(clock);
    client = client(null);
    inventory.completeWhen(() -> true);
    inventory.clustersKnownWhen(() -> true);
    inventory.drillsKnownWhen(() -> true);
    stanza();
  }

  @Override
  public void close() {
    client.close();
    api.close();
  }

  /// Another connection.
  KubernetesClient client(Interceptor interceptor) {
    return new KubernetesClientBuilder()
        .withConfig(ApiServerConnection.to(api))
        .withHttpClientBuilderConsumer(
            builder -> {
              if (interceptor != null) {
                builder.addOrReplaceInterceptor("test", interceptor);
              }
            })
        .build();
  }

  /// CNPG removes the Job of a recovery, and its log, before the operator has looked.
  void removeRecoveryEarly() {
    isRecoveryRemovedEarly = true;
  }

  /// An operator as it is after a start: it remembers nothing.
  Drills operator(KubernetesClient of) {
    return new Drills(of, clock, inventory, new Random(7), metrics);
  }

  void follow() {
    hear();
    operator(client).follow();
  }

  /// Enough steps for a whole run.
  void whole() {
    for (int i = 0; i < 9; i++) {
      follow();
      next();
    }
  }

  /// The only run.
  RestoreDrillRun run() {
    assertThat(runs()).hasSize(1);
    return runs().getFirst();
  }

  /// What the watches of the operator do.
  void hear() {
    hear(
        "restoredrills",
        inventory.restoreDrills().stream().map(RestoreDrill::name),
        inventory::putRestoreDrill,
        inventory::removeRestoreDrill);
    hear(
        "restoredrillruns",
        inventory.restoreDrillRuns().stream().map(RestoreDrillRun::name),
        inventory::putRestoreDrillRun,
        inventory::removeRestoreDrillRun);
  }

  private void hear(
      String resource,
      Stream<String> known,
      BiConsumer<ObjectKey, String> put,
      Consumer<ObjectKey> remove) {
    known
        .filter(name -> api.get(resource, "default", name).isEmpty())
        .forEach(name -> remove.accept(new ObjectKey("default", name)));
    api.list(resource)
        .forEach(object -> put.accept(new ObjectKey("default", name(object)), object.toString()));
  }

  private void stanza() {
    api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: main, uid: s}
        spec:
          stanzaConfiguration:
            name: main
            volumeRepositories:
              - {name: near, claimName: a, repoPath: /a}
              - {name: far, claimName: b, repoPath: /b}
        status:
          latestRestorableTime: "2026-11-29T02:58:00Z"
          owner: {cluster: demo}
          repositories:
            - {name: near, index: 1, lastBackup: {label: 20261128-030000F}, earliestRestorableTime: "2026-11-28T03:00:10Z", latestRestorableTime: "2026-11-29T02:58:00Z"}
            - {name: far, index: 2, lastBackup: {label: 20261128-040000F}, earliestRestorableTime: "2026-11-28T04:00:10Z", latestRestorableTime: "2026-11-29T02:58:00Z"}
          catalogue:
            backups:
              - {label: 20261128-030000F, repository: 1, stopTime: "2026-11-28T03:00:10Z", size: 4294967296, postgresVersion: "17"}
              - {label: 20261128-040000F, repository: 2, stopTime: "2026-11-28T04:00:10Z", size: 4294967296, postgresVersion: "17"}
        """);
    inventory.putStanza(
        new ObjectKey("default", "main"),
        api.get("stanzas", "default", "main").orElseThrow().toString());
  }

  void drill(String spec) {
    drill("nightly", spec);
  }

  void drill(String name, String spec) {
    api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: RestoreDrill
        metadata: {name: %s, uid: %s, creationTimestamp: "%s"}
        spec: {stanzaRef: main, %s}
        """
            .formatted(name, name.equals("nightly") ? "d" : "uid-" + name, clock.instant(), spec));
  }

  // -- what Kubernetes and CNPG do ---------------------------------------------------------------

  /// One of their steps, and ten seconds later.
  void next() {
    for (var cluster : clusters()) {
      var name = name(cluster);
      if (pod(name).isEmpty()) {
        start(name);
      } else if (!isCopied(name)) {
        event(
            name,
            "Normal",
            "BackupCopied",
            "backup '20261128-030000F' of repository 1 (near) was copied in 7 seconds; PostgreSQL replays WAL now");
      } else if (!cluster.has("status")) {
        if (isRecoveryRemovedEarly) {
          api.delete("pods", "default", name);
        } else {
          pod(
              name,
              "cnpg.io/cluster: " + name,
              "full-recovery",
              "terminated: {exitCode: 0, startedAt: \"%s\", finishedAt: \"%s\"}"
                  .formatted(clock.instant().minusSeconds(15), clock.instant()));
        }
        api.apply(
            """
            {apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: %s}, status: {image: "postgres:17", conditions: [{type: Ready, status: "True", lastTransitionTime: "%s"}]}}
            """
                .formatted(name, clock.instant()));
      }
    }
    for (var job : api.list("jobs")) {
      if (pod(name(job)).isEmpty()) {
        pod(
            name(job),
            "job-name: " + name(job),
            "checks",
            "terminated: {exitCode: 0, message: '%s'}".formatted(answer.strip()));
      }
    }
    clock.advance(Duration.ofSeconds(10));
  }

  void start(String cluster) {
    pod(
        cluster,
        "cnpg.io/cluster: " + cluster,
        "full-recovery",
        "running: {startedAt: \"%s\"}".formatted(clock.instant()));
  }

  private void pod(String name, String label, String container, String state) {
    api.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {%s}}
        spec: {containers: [{name: %s, image: "postgres:17"}]}
        status:
          containerStatuses:
            - name: %s
              state: {%s}
        """
            .formatted(name, label, container, container, state));
  }

  private List<JsonObject> pod(String name) {
    return api.get("pods", "default", name).stream().toList();
  }

  void event(String about, String type, String reason, String message) {
    var uid =
        api.get("clusters", "default", about)
            .map(cluster -> cluster.getAsJsonObject("metadata").get("uid").getAsString())
            .orElse("");
    event(about, uid, type, reason, message);
  }

  /// @param uid of the Cluster
  void event(String about, String uid, String type, String reason, String message) {
    api.apply(
        """
        apiVersion: v1
        kind: Event
        metadata: {name: %s.%s.%d}
        involvedObject: {kind: Cluster, name: %s, uid: "%s"}
        type: %s
        reason: %s
        message: "%s"
        firstTimestamp: "%s"
        lastTimestamp: "%s"
        """
            .formatted(
                about,
                reason.toLowerCase(Locale.ROOT),
                api.list("events").size(),
                about,
                uid,
                type,
                reason,
                message.replace("\"", "\\\""),
                clock.instant(),
                clock.instant()));
  }

  private boolean isCopied(String cluster) {
    return api.events().stream()
        .anyMatch(
            event ->
                event.get("reason").getAsString().equals("BackupCopied")
                    && name(event).startsWith(cluster));
  }

  // -- what is there -----------------------------------------------------------------------------

  List<JsonObject> clusters() {
    return api.list("clusters").stream().filter(cluster -> !name(cluster).equals("demo")).toList();
  }

  private static String name(JsonObject object) {
    return object.getAsJsonObject("metadata").get("name").getAsString();
  }

  List<RestoreDrillRun> runs() {
    return api.list("restoredrillruns").stream()
        .map(DrillStage::run)
        .sorted(Comparator.comparing(run -> run.spec().scheduledTime()))
        .toList();
  }

  private static RestoreDrillRun run(JsonObject json) {
    try {
      return RestoreDrillRun.parse(json);
    } catch (InvalidStanzaException e) {
      throw new IllegalStateException(e);
    }
  }

  RestoreDrill drill() {
    try {
      return RestoreDrill.parse(api.get("restoredrills", "default", "nightly").orElseThrow());
    } catch (InvalidStanzaException e) {
      throw new IllegalStateException(e);
    }
  }

  /// `Proven=True DrillSucceeded`
  List<String> conditions() {
    return Objects.requireNonNull(drill().status()).conditions().stream()
        .map(condition -> condition.type() + "=" + condition.status() + " " + condition.reason())
        .toList();
  }

  String message(String condition) {
    return Objects.requireNonNull(drill().status()).conditions().stream()
        .filter(found -> found.type().equals(condition))
        .map(found -> found.message())
        .findFirst()
        .orElseThrow();
  }
}
