package com.dalibo.pgbackrest.sidecar.metrics;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesApi;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.ExporterConfig;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginConfig;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The metrics on a port of the sidecar's own, `GET /metrics` without TLS as CNPG's own endpoint,
/// where `exporterConfig` of the PluginConfig says so. Opens and closes as that changes.
public final class MetricsEndpoint implements AutoCloseable {
  private static final Log log = Log.named("exporter");

  private final KubernetesApi api;
  private final int port;
  private final Supplier<MetricsState> state;
  private @Nullable HttpServer server;
  private volatile Optional<Duration> interval = Optional.empty();

  public MetricsEndpoint(KubernetesApi api, int port, Supplier<MetricsState> state) {
    this.api = api;
    this.port = port;
    this.state = state;
  }

  /// Reads the PluginConfig that the Cluster names now. What cannot be read leaves things as they
  /// are.
  public void follow(Cluster cluster) throws InterruptedException {
    try {
      var config = config(cluster);
      interval =
          config.map(ExporterConfig::collectInterval).map(seconds -> Duration.ofSeconds(seconds));
      if (config.map(ExporterConfig::enabled).orElse(false)) {
        open();
      } else {
        close();
      }
    } catch (KubernetesException | InvalidStanzaException | IOException trouble) {
      log.warning("exporter settings unchanged", "cause", FailureWords.of(trouble));
    }
  }

  /// How often the user wants the repositories to be asked.
  public Optional<Duration> interval() {
    return interval;
  }

  private Optional<ExporterConfig> config(Cluster cluster)
      throws KubernetesException, InvalidStanzaException, InterruptedException {
    var name =
        StanzaReferences.of(cluster)
            .find(StanzaPurpose.ARCHIVE)
            .flatMap(StanzaReference::pluginConfigName);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    var path =
        "/apis/%s/namespaces/%s/%s/%s"
            .formatted(Stanza.API_VERSION, cluster.namespace(), PluginConfig.PLURAL, name.get());
    try {
      return Optional.ofNullable(PluginConfig.parse(api.get(path)).spec().exporterConfig());
    } catch (KubernetesException refusal) {
      if (refusal.notFound()) {
        return Optional.empty();
      }
      throw refusal;
    }
  }

  private synchronized void open() throws IOException {
    if (server != null) {
      return;
    }
    server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/metrics", this::answer);
    server.start();
    log.info("metrics are exported", "port", port);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var text =
          PrometheusText.of(PrometheusMetric.all(), state.get()).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", PrometheusText.CONTENT_TYPE);
      exchange.sendResponseHeaders(200, text.length);
      exchange.getResponseBody().write(text);
    }
  }

  @Override
  public synchronized void close() {
    if (server != null) {
      server.stop(0);
      server = null;
      log.info("metrics are no longer exported", "port", port);
    }
  }
}
