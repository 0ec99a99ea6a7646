package com.dalibo.pgbackrest.operator.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/// A list of all objects of a Kubernetes is read page by page.
class PagingTest {
  private final ConcurrentLinkedQueue<String> lists = new ConcurrentLinkedQueue<>();

  @Test
  void everyPageOfAListIsRead() throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    var inventory = new Inventory();
    var config =
        new ConfigBuilder()
            .withMasterUrl("http://localhost:" + server.getAddress().getPort())
            .build();
    try (var client = new KubernetesClientBuilder().withConfig(config).build();
        var informers = new Informers(client, Clock.systemUTC())) {
      informers.fill(inventory, () -> {});
      var until = System.nanoTime() + 30_000_000_000L;
      while (inventory.stanzas().size() < 3 && System.nanoTime() < until) {
        Thread.sleep(10);
      }

      assertThat(inventory.stanzas().keySet())
          .isEqualTo(
              Set.of(
                  new ObjectKey("default", "one"),
                  new ObjectKey("default", "two"),
                  new ObjectKey("default", "three")));
      assertThat(lists)
          .hasSizeGreaterThanOrEqualTo(3)
          .allMatch(list -> list.contains("limit=500"))
          .anyMatch(list -> list.contains("continue=after-two"));
    } finally {
      server.stop(0);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    var uri = exchange.getRequestURI().toString();
    if (!uri.contains("/stanzas") || uri.contains("watch=true")) {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
      return;
    }
    lists.add(uri);
    var page =
        uri.contains("continue=after-two")
            ? page("three", "")
            : uri.contains("continue=after-one")
                ? page("two", "after-two")
                : page("one", "after-one");
    var bytes = page.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String page(String name, String next) {
    return """
        {"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "StanzaList",
         "metadata": {"resourceVersion": "1", "continue": "%s"},
         "items": [{"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "Stanza",
           "metadata": {"name": "%s", "namespace": "default", "uid": "%2$s", "resourceVersion": "1"},
           "spec": {"stanzaConfiguration": {"name": "main", "volumeRepositories": [
             {"repoPath": "/r", "claimName": "backups"}]}}}]}
        """
        .formatted(next, name);
  }
}
