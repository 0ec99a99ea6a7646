package com.dalibo.pgbackrest.operator.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A Kubernetes with the permissions, or the CRDs, of an earlier release.
class RefusedWatchTest {

  private static final List<String> NEW =
      List.of("restoreplans", "restoredrills", "restoredrillruns");

  private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
  private final Map<String, List<String>> items = new ConcurrentHashMap<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private HttpServer server;
  private volatile int refusal;
  private volatile List<String> refused = NEW;

  @BeforeEach
  void begin() throws IOException {
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void end() {
    System.setErr(before);
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({
    "403, the operator is not permitted to list and watch",
    "404, Kubernetes has no",
  })
  void itIsReportedOnceDisturbsNothingElseAndEndsWhenItIsGranted(int status, String words)
      throws Exception {
    refusal = status;
    var inventory = new Inventory();
    try (var client = new KubernetesClientBuilder().withConfig(config()).build();
        var informers = new Informers(client, Clock.systemUTC())) {
      informers.fill(inventory, () -> {});
      await(() -> NEW.stream().allMatch(resource -> count(resource) >= 4));

      await(() -> inventory.isComplete() && inventory.knowsClusters());
      assertThat(inventory.knowsDrills()).isFalse();
      for (var resource : NEW) {
        assertThat(lines())
            .filteredOn(line -> line.contains("\"resource\":\"%s\"".formatted(resource)))
            .singleElement()
            .asString()
            .contains("\"level\":\"warning\"", "\"msg\":\"a watch failed and is retried\"")
            .contains("\"cause\":\"" + words + " " + resource)
            .contains("kubectl apply --server-side -f deploy/manifest.yaml, or helm upgrade");
      }
      assertThat(lines()).hasSize(NEW.size());

      refusal = 0;
      await(inventory::knowsDrills);
      await(() -> count("restoreplans?watch") + count("restoredrills?watch") >= 2);
      Thread.sleep(500);
      var then = requests.size();
      Thread.sleep(Duration.ofSeconds(2));
      assertThat(requests).as("requests while nothing changes").hasSize(then);
    }
  }

  /// As after a change of permissions. A quota that was raised since would be held against a
  /// Cluster for ever, and a pod that is gone too.
  @Test
  void whatCanNoLongerBeReadIsForgottenUntilItCanBeReadAgain() throws Exception {
    items.put("resourcequotas", List.of("{\"metadata\": {\"name\": \"q\", \"namespace\": \"n\"}}"));
    items.put("limitranges", List.of("{\"metadata\": {\"name\": \"r\", \"namespace\": \"n\"}}"));
    items.put(
        "pods",
        List.of(
            "{\"metadata\": {\"name\": \"app-1\", \"namespace\": \"n\", \"creationTimestamp\": \"2026-11-29T00:00:00Z\","
                + " \"labels\": {\"cnpg.io/cluster\": \"app\", \"cnpg.io/podRole\": \"instance\"}}, \"spec\": {\"containers\": []}}"));
    var inventory = new Inventory();
    try (var client = new KubernetesClientBuilder().withConfig(config()).build();
        var informers = new Informers(client, Clock.systemUTC(), Duration.ofMillis(50))) {
      informers.fill(inventory, () -> {});
      await(() -> known(inventory) == 3);

      refused = List.copyOf(items.keySet());
      refusal = 500;
      Thread.sleep(500);
      assertThat(known(inventory)).as("an API server that is away").isEqualTo(3);
      refusal = 403;
      await(() -> known(inventory) == 0);

      refusal = 0;
      await(() -> known(inventory) == 3);
    }
  }

  private static int known(Inventory inventory) {
    return inventory.limits().quotas("n").size()
        + inventory.limits().ranges("n").size()
        + (inventory.pods().pod(new ObjectKey("n", "app-1")).isPresent() ? 1 : 0);
  }

  private Config config() {
    return new ConfigBuilder()
        .withAutoConfigure(false)
        .withMasterUrl("http://localhost:" + server.getAddress().getPort())
        .withWatchReconnectInterval(20)
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  private List<String> lines() {
    return log.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private long count(String request) {
    return requests.stream().filter(request::equals).count();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    var until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < until) {
      Thread.sleep(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var uri = exchange.getRequestURI();
    var resource = uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1);
    var isWatch = String.valueOf(uri.getQuery()).contains("watch=true");
    var isUpgrade = "websocket".equals(exchange.getRequestHeaders().getFirst("Upgrade"));
    if (!isUpgrade) {
      requests.add(isWatch ? resource + "?watch" : resource);
    }
    try (exchange) {
      if (refusal != 0 && refused.contains(resource)) {
        exchange.sendResponseHeaders(refusal, -1);
      } else if (isUpgrade) {
        // Like a proxy that does not know WebSockets; then the client watches by HTTP.
        exchange.sendResponseHeaders(200, -1);
      } else if (isWatch) {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        over.await();
      } else {
        var list =
            "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"metadata\": {\"resourceVersion\": \"1\"}, \"items\": [%s]}"
                .formatted(String.join(", ", items.getOrDefault(resource, List.of())))
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, list.length);
        exchange.getResponseBody().write(list);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
