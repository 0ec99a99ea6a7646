package com.dalibo.pgbackrest.sidecar.kubernetes;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The Cluster of this pod as it is now: what came with the last call may be older than a
/// switchover, or than its deletion.
public final class ClusterReader {
  private final KubernetesApi api;
  private final String path;

  public ClusterReader(KubernetesApi api, String namespace, String name) {
    this.api = api;
    this.path =
        "/apis/%s/namespaces/%s/clusters/%s".formatted(Cluster.API_VERSION, namespace, name);
  }

  /// Empty where there is none.
  public Optional<Cluster> read() throws KubernetesException, InterruptedException {
    try {
      return Optional.of(Cluster.parse(api.get(path).toString().getBytes(StandardCharsets.UTF_8)));
    } catch (KubernetesException refusal) {
      if (refusal.notFound()) {
        return Optional.empty();
      }
      throw refusal;
    }
  }

  /// Whether it is this very one, and not being deleted.
  public boolean stays(Cluster cluster) throws KubernetesException, InterruptedException {
    return read()
        .filter(now -> now.uid().equals(cluster.uid()) && !now.isBeingDeleted())
        .isPresent();
  }
}
