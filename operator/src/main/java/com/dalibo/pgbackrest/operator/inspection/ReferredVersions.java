package com.dalibo.pgbackrest.operator.inspection;

import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.operator.status.ReadInterval;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.rendering.ReferredObjects;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The versions of the Secrets and ConfigMaps that a Stanza names: the operator must not watch
/// Secrets. They are read once a minute, and less often where there are many Stanzas to inspect.
/// Nothing of their content is kept.
final class ReferredVersions {

  private static final Duration BELIEVED = Duration.ofMinutes(1);

  /// @param until when they are read again
  private record Look(ReferredObjects referred, Instant until, List<String> versions) {}

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Map<ObjectKey, Look> looks = new ConcurrentHashMap<>();

  ReferredVersions(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  List<String> of(Stanza stanza) {
    var key = new ObjectKey(stanza.namespace(), stanza.name());
    var referred = ReferredObjects.of(stanza);
    var last = looks.get(key);
    var now = clock.instant();
    if (last != null && last.referred().equals(referred) && now.isBefore(last.until())) {
      return last.versions();
    }
    var versions = new ArrayList<String>();
    for (var name : referred.secrets()) {
      versions.add(version(client.secrets().inNamespace(stanza.namespace()).withName(name).get()));
    }
    for (var name : referred.configMaps()) {
      versions.add(
          version(client.configMaps().inNamespace(stanza.namespace()).withName(name).get()));
    }
    var interval = ReadInterval.of(BELIEVED, looks.size(), key);
    looks.put(key, new Look(referred, now.plus(interval), List.copyOf(versions)));
    return versions;
  }

  void keepOnly(Set<ObjectKey> stanzas) {
    looks.keySet().retainAll(stanzas);
  }

  private static String version(@Nullable HasMetadata object) {
    return object == null
        ? "none"
        : object.getMetadata().getUid() + "/" + object.getMetadata().getResourceVersion();
  }
}
