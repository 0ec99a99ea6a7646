package com.dalibo.pgbackrest.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/// A story's own namespace on the cluster that KUBECONFIG points to, and what a person does there:
/// apply, wait, ask the database, look. Prints what happens with the seconds since the story began.
final class Story implements AutoCloseable {
  static final Duration READY = Duration.ofMinutes(5);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client = new KubernetesClientBuilder().build();
  private final Instant began = Instant.now();
  private final String namespace;
  private final String repoPath;

  /// A namespace of a name of its own: that of the last story may take minutes to go, since
  /// PostgreSQL waits for a backup that runs before it stops.
  Story(String name) {
    namespace = name + "-" + Long.toString(began.toEpochMilli(), Character.MAX_RADIX);
    repoPath = "/" + namespace;
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
  }

  String namespace() {
    return namespace;
  }

  KubernetesClient client() {
    return client;
  }

  void say(String what) {
    double seconds = Duration.between(began, Instant.now()).toMillis() / 1000.0;
    System.out.printf("%-24s %7.1f s  %s%n", namespace, seconds, what);
  }

  // ---- apply

  void apply(Manifest manifest) {
    for (HasMetadata resource :
        client
            .load(new ByteArrayInputStream(manifest.yaml().getBytes(StandardCharsets.UTF_8)))
            .items()) {
      client
          .resource(resource)
          .inNamespace(namespace)
          .patch(
              new PatchContext.Builder()
                  .withPatchType(PatchType.SERVER_SIDE_APPLY)
                  .withFieldManager("story")
                  .withForce(true)
                  .withFieldValidation("Strict")
                  .build());
      say("applied " + resource.getKind() + " " + resource.getMetadata().getName());
    }
  }

  void delete(String kind, String name) {
    client
        .genericKubernetesResources(Kind.apiVersion(kind), kind)
        .inNamespace(namespace)
        .withName(name)
        .delete();
    say("deleted " + kind + " " + name);
  }

  void mergePatch(String kind, String name, String json) {
    client
        .genericKubernetesResources(Kind.apiVersion(kind), kind)
        .inNamespace(namespace)
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), json);
    say("changed " + kind + " " + name);
  }

  void annotate(String kind, String name, String annotation, String value) {
    mergePatch(
        kind,
        name,
        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(annotation, value));
  }

  /// A place in the bucket that nobody has written to.
  String repoPath() {
    return repoPath;
  }

  /// The Stanza of the examples with a repository path of this story's own.
  Manifest stanza() {
    return Manifest.example("stanza.yaml").with("/cluster-demo", repoPath);
  }

  /// The same with a second repository, named `second`.
  Manifest stanzaWithSecondRepository() {
    return new Manifest(
        stanza().yaml()
            + """
                  - name: second
                    bucket: demo
                    endpoint: s3.minio.svc.cluster.local
                    region: us-east-1
                    repoPath: %s-second
                    uriStyle: path
                    verifyTLS: false
                    secretRef:
                      accessKeyId: {name: pgbackrest-s3-secret, key: ACCESS_KEY_ID}
                      secretAccessKey: {name: pgbackrest-s3-secret, key: ACCESS_SECRET_KEY}
            """
                .formatted(repoPath));
  }

  /// A Cluster of the examples that does not wait ten seconds between two looks of a probe.
  static Manifest quick(String example) {
    return new Manifest(
        Manifest.example(example)
            .yaml()
            .replace(
                "\n  storage:",
                "\n  probes: {startup: {periodSeconds: 1}, readiness: {periodSeconds: 1}}\n  storage:"));
  }

  /// Applies the Stanza and the Cluster of the examples and waits until it runs and archives.
  void archivingCluster() {
    apply(stanza());
    apply(quick("cluster.yaml"));
    awaitReady("cluster-demo");
  }

  /// A backup of cluster-demo; parameters as `key: value` pairs in YAML flow style, or nothing.
  JsonNode backup(String name, String parameters) {
    apply(
        new Manifest(
            """
            apiVersion: postgresql.cnpg.io/v1
            kind: Backup
            metadata: {name: %s}
            spec:
              method: plugin
              cluster: {name: cluster-demo}
              pluginConfiguration:
                name: pgbackrest.dalibo.com
                parameters: {%s}
            """
                .formatted(name, parameters)));
    return awaitCompleted(name);
  }

  /// Ends the sidecar's JVM as the kernel's memory killer would; Kubernetes starts it again.
  void killSidecar(String pod) {
    exec(
        pod,
        "pgbackrest-plugin",
        "perl",
        "-e",
        "for (</proc/[0-9]*/comm>) { open F, $_; my $n = <F>; kill 9, m{(\\d+)} if $n =~ /^java/ }");
    say("killed the sidecar of " + pod);
  }

  /// Removes what a cluster wrote to a path that other runs of the story use too, and stops it from
  /// archiving its last segments there when it is deleted.
  void emptyRepository(String pod) {
    exec(
        pod,
        "pgbackrest-plugin",
        "sh",
        "-c",
        "conf=$(ls /run/pgbackrest-plugin/archive-*.conf | grep -v -e -repo); pgbackrest --config=$conf"
            + " --stanza=main stop; for d in archive backup; do pgbackrest --config=$conf --repo=1"
            + " repo-rm --recurse $d; done");
    say("emptied the repository of " + pod);
  }

  /// What `kubectl cnpg promote` does; returns when it is done.
  void switchover(String cluster, String target) {
    client
        .genericKubernetesResources(Kind.apiVersion("Cluster"), "Cluster")
        .inNamespace(namespace)
        .withName(cluster)
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            """
            {"status": {"targetPrimary": "%s", "targetPrimaryTimestamp": "%s", "phase": "Switchover in progress"}}
            """
                .formatted(target, Instant.now()));
    await("switched over to " + target, READY, () -> primary(cluster), target::equals);
    awaitReady(cluster);
  }

  /// An instance that is not the primary.
  String standby(String cluster) {
    String primary = primary(cluster);
    for (JsonNode name : get("Cluster", cluster).path("status").path("instanceNames")) {
      if (!name.asText().equals(primary)) {
        return name.asText();
      }
    }
    throw new AssertionError(cluster + " has no standby");
  }

  /// Ends PostgreSQL as the kernel's memory killer would.
  void killPostgres(String pod) {
    exec(
        pod,
        "postgres",
        "bash",
        "-c",
        "kill -9 $(head -1 /var/lib/postgresql/data/pgdata/postmaster.pid)");
    say("killed the postmaster of " + pod);
  }

  /// As a node that is lost.
  void deleteWithoutGrace(String pod) {
    client.pods().inNamespace(namespace).withName(pod).withGracePeriod(0).delete();
    say("deleted " + pod + " without grace");
  }

  /// Waits until the Stanza knows of all that is archived, and is right to be content with it.
  void awaitNoGap(String stanza) {
    await(
        "Stanza " + stanza + " is ready, without a gap",
        Duration.ofMinutes(7),
        () -> get("Stanza", stanza),
        s ->
            condition(s, "Ready").equals("True")
                && s.findValues("walGaps").stream().allMatch(JsonNode::isEmpty));
  }

  String primary(String cluster) {
    return get("Cluster", cluster).path("status").path("currentPrimary").asText();
  }

  // ---- look

  /// The object, or a missing node where there is none.
  JsonNode get(String kind, String name) {
    try {
      String json = client.raw(Kind.path(kind, namespace, name));
      return json == null ? missing() : JSON.readTree(json);
    } catch (KubernetesClientException failure) {
      if (failure.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return missing();
      }
      throw failure;
    } catch (com.fasterxml.jackson.core.JsonProcessingException failure) {
      throw new IllegalStateException(failure);
    }
  }

  JsonNode list(String kind) {
    return get(kind, "");
  }

  /// Names of all containers of a pod, native sidecars included.
  List<String> containers(String pod) {
    JsonNode spec = get("Pod", pod).path("spec");
    List<String> names = new java.util.ArrayList<>();
    spec.path("initContainers").forEach(c -> names.add(c.path("name").asText()));
    spec.path("containers").forEach(c -> names.add(c.path("name").asText()));
    return names;
  }

  String sidecarImage(String pod) {
    for (JsonNode container : get("Pod", pod).path("spec").path("initContainers")) {
      if (container.path("name").asText().equals("pgbackrest-plugin")) {
        return container.path("image").asText();
      }
    }
    return "";
  }

  String events() {
    StringBuilder text = new StringBuilder();
    for (JsonNode event : list("Event").path("items")) {
      text.append(event.path("involvedObject").path("kind").asText())
          .append('/')
          .append(event.path("involvedObject").path("name").asText())
          .append(' ')
          .append(event.path("reason").asText())
          .append(": ")
          .append(event.path("message").asText())
          .append('\n');
    }
    return text.toString();
  }

  String log(String pod, String container) {
    return client.pods().inNamespace(namespace).withName(pod).inContainer(container).getLog();
  }

  // ---- wait

  <T> T await(String what, Duration limit, Callable<T> look, Predicate<T> wanted) {
    Instant end = Instant.now().plus(limit);
    while (true) {
      T last = null;
      String trouble = "";
      try {
        last = look.call();
        if (wanted.test(last)) {
          say(what);
          return last;
        }
      } catch (Exception failure) {
        trouble = failure.toString();
      }
      if (Instant.now().isAfter(end)) {
        throw new AssertionError(
            "gave up after " + limit + " waiting for: " + what + "\nlast seen: " + last + trouble);
      }
      pause(Duration.ofMillis(300));
    }
  }

  void awaitReady(String cluster) {
    await(
        "Cluster " + cluster + " is ready",
        READY,
        () -> get("Cluster", cluster),
        c ->
            c.path("spec").path("instances").asInt()
                    == c.path("status").path("readyInstances").asInt()
                && condition(c, "Ready").equals("True"));
  }

  /// Waits for a Backup to end well; a failed one ends the wait at once.
  JsonNode awaitCompleted(String backup) {
    JsonNode ended =
        await(
            "Backup " + backup + " has ended",
            Duration.ofMinutes(5),
            () -> get("Backup", backup),
            b -> List.of("completed", "failed").contains(b.path("status").path("phase").asText()));
    if (!ended.path("status").path("phase").asText().equals("completed")) {
      throw new AssertionError(
          "Backup " + backup + " failed: " + ended.path("status").path("error").asText());
    }
    return ended;
  }

  /// Waits until everything written so far is archived.
  void switchWalAndAwaitArchived(String pod) {
    String segment = psql(pod, "SELECT pg_walfile_name(pg_current_wal_insert_lsn())");
    psql(pod, "SELECT pg_logical_emit_message(false, 'story', 'switch'); SELECT pg_switch_wal()");
    await(
        "WAL segment " + segment + " is archived",
        Duration.ofMinutes(2),
        () -> psql(pod, "SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver"),
        last -> last.length() == 24 && last.compareTo(segment) >= 0);
  }

  /// Of a condition of the Stanza.
  void awaitReason(String stanza, String type, String reason) {
    await(
        "the condition %s of stanza %s is %s".formatted(type, stanza, reason),
        READY,
        () -> get("Stanza", stanza).path("status").path("conditions"),
        conditions -> {
          for (JsonNode condition : conditions) {
            if (condition.path("type").asText().equals(type)) {
              return condition.path("reason").asText().equals(reason);
            }
          }
          return false;
        });
  }

  static String condition(JsonNode object, String type) {
    for (JsonNode condition : object.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText();
      }
    }
    return "";
  }

  // ---- act inside pods

  String psql(String pod, String sql) {
    return exec(
        pod, "postgres", "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-c", sql);
  }

  String exec(String pod, String container, String... command) {
    return new PodCommand(client, namespace, pod, container).run(command);
  }

  static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interruption);
    }
  }

  @Override
  public void close() {
    client.namespaces().withName(namespace).delete();
    client.close();
  }

  private static JsonNode missing() {
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }
}
