package com.dalibo.pgbackrest.operator.permissions;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Grants what [SidecarPermissions] says. What was granted a moment ago is not granted again, so
/// that asking costs nothing.
public final class RoleGrants {

  /// After this the same rights are applied again, in case someone has removed them: without them
  /// nothing is archived. It is less than the period of the task that refreshes them.
  private static final Duration TRUSTED_FOR = Duration.ofSeconds(50);

  private static final Log LOG = Log.of(RoleGrants.class);

  private final Consumer<HasMetadata> apply;
  private final InstantSource clock;
  private final Map<ObjectKey, Granted> granted = new ConcurrentHashMap<>();

  /// @param apply makes an object of the cluster what it is here
  public RoleGrants(Consumer<HasMetadata> apply, InstantSource clock) {
    this.apply = apply;
    this.clock = clock;
  }

  private record Granted(SidecarPermissions access, Instant at) {}

  public void grant(SidecarPermissions access) {
    if (isGranted(access)) {
      return;
    }
    apply.accept(access.role());
    apply.accept(access.binding());
    var before = granted.put(access.cluster(), new Granted(access, clock.instant()));
    if (before == null || !before.access.equals(access)) {
      LOG.info(
          "granted the sidecars their permissions",
          "cluster",
          access.cluster(),
          "role",
          access.role().getMetadata().getName());
    }
  }

  public boolean isGranted(SidecarPermissions access) {
    var before = granted.get(access.cluster());
    return before != null
        && before.access.equals(access)
        && clock.instant().isBefore(before.at.plus(TRUSTED_FOR));
  }

  /// Forgets clusters that are no more; Kubernetes removes their rights with them.
  void keepOnly(Set<ObjectKey> clusters) {
    granted.keySet().retainAll(clusters);
  }
}
