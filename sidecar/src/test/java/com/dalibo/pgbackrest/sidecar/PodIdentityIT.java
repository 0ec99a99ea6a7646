package com.dalibo.pgbackrest.sidecar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// S3 without keys in a Secret: the cloud gives the pod an address and a token, for which it gets
/// keys that soon run out.
@Timeout(300)
class PodIdentityIT {
  @TempDir private Path directory;

  @Test
  void whatTheCloudGivesThePodOpensTheBucket() throws Exception {
    var token = Files.writeString(directory.resolve("token"), "the token of the pod");
    try (var datacenter = new TestCluster(directory, "repo")) {
      datacenter.stanza(
          "s",
          "",
          datacenter
              .repository("repo", "/r", "keyType: pod-id,")
              .replaceFirst("(?s),\\s*secretRef: .*", "}"));
      var agent = agent(datacenter, Files.readString(token));
      var pod = new Pod("c-1", datacenter.directory("c-1"));
      var cluster = TestCluster.archiving("c", "s").primary("c-1");
      try (var postgres =
          Postgres.initdb(PostgresInstallation.NEWEST, pod.pgData(), "--wal-segsize=1")) {
        var environment =
            new HashMap<>(
                pod.sidecarEnvironment(SidecarMode.INSTANCE, cluster, postgres, datacenter.api));
        environment.put(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "http://127.0.0.1:%d/v1/credentials".formatted(agent.getAddress().getPort()));
        environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.toString());
        try (var manager = InstanceManager.start(pod, cluster);
            var _ = SidecarMain.start(SidecarSettings.from(environment))) {
          manager.archive(segment(postgres));
        }
      } finally {
        agent.stop(0);
      }

      assertThat(datacenter.segments("repo", "/r")).hasSize(1);
    }
  }

  /// The agent that a cloud runs on its nodes.
  private static HttpServer agent(TestCluster datacenter, String token) throws Exception {
    var agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    agent.createContext(
        "/v1/credentials",
        exchange -> {
          try (exchange) {
            var known = token.equals(exchange.getRequestHeaders().getFirst("Authorization"));
            var answer =
                """
                {"AccessKeyId": "%s", "SecretAccessKey": "%s", "Token": "session", "Expiration": "%s"}
                """
                    .formatted(
                        datacenter.s3.accessKey(),
                        datacenter.s3.secretKey(),
                        Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS))
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 403, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    agent.start();
    return agent;
  }

  private static Path segment(Postgres postgres) {
    return Stream.of(postgres.walDirectory().toFile().list())
        .filter(name -> name.matches("[0-9A-F]{24}"))
        .findFirst()
        .map(postgres.walDirectory()::resolve)
        .orElseThrow();
  }
}
