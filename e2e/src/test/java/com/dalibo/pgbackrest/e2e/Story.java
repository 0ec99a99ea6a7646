package com.dalibo.pgbackrest.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/// A Cluster of the examples in a namespace of its own: begun, harmed, and waited for.
final class Story extends StoryNamespace {
  static final Duration READY = Duration.ofMinutes(5);

  /// @param name the beginning of the namespace's
  Story(String name) {
    super(name);
  }

  /// A place in the bucket that nobody has written to.
  String repoPath() {
    return "/" + namespace();
  }

  /// The Stanza of the examples with a repository path of this story's own.
  Manifest stanza() {
    return Manifest.example("stanza.yaml").with("/cluster-demo", repoPath());
  }

  /// The same with a secret key that the store does not accept.
  Manifest stanzaWithWrongKey() {
    return new Manifest(
        stanza().yaml().replaceFirst("ACCESS_SECRET_KEY: .*", "ACCESS_SECRET_KEY: wrong"));
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
                .formatted(repoPath()));
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
    client()
        .genericKubernetesResources(Kind.apiVersion("Cluster"), "Cluster")
        .inNamespace(namespace())
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
    client().pods().inNamespace(namespace()).withName(pod).withGracePeriod(0).delete();
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

  /// @param wanted of a line of [#events()]
  void awaitEvent(String what, Predicate<String> wanted) {
    await(what, READY, this::events, events -> events.lines().anyMatch(wanted));
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

  /// A recovery target: a whole second after what was written before, and before what comes next.
  String timeBetweenRows(String pod) {
    String time =
        psql(
            pod,
            "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC' + interval '1 second', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')");
    pause(Duration.ofSeconds(2));
    return time;
  }

  static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interruption);
    }
  }
}
