package com.dalibo.pgbackrest.operator.permissions;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Grants what [SidecarPermissions] says, and knows from a watch whether it is still so: what is in
/// force is not written again, and what somebody has changed or removed is no longer taken for
/// granted.
public final class RoleGrants {

  /// After this the API server is asked nevertheless; plus or minus a quarter, so that a thousand
  /// Clusters do not ask in the same minute.
  private static final Duration TRUSTED_FOR = Duration.ofHours(6);

  private static final Log LOG = Log.of(RoleGrants.class);

  private final Consumer<HasMetadata> apply;
  private final InstantSource clock;
  private final Map<ObjectKey, Granted> granted = new ConcurrentHashMap<>();
  private final Map<Name, HasMetadata> present = new ConcurrentHashMap<>();

  /// @param apply makes an object of the cluster what it is here
  public RoleGrants(Consumer<HasMetadata> apply, InstantSource clock) {
    this.apply = apply;
    this.clock = clock;
  }

  private record Granted(SidecarPermissions access, Instant until) {}

  private record Name(String kind, ObjectKey key) {
    static Name of(HasMetadata object) {
      var metadata = object.getMetadata();
      return new Name(object.getKind(), new ObjectKey(metadata.getNamespace(), metadata.getName()));
    }
  }

  public void grant(SidecarPermissions access) {
    if (isGranted(access)) {
      return;
    }
    if (isFirst(access) && isPresent(access.role()) && isPresent(access.binding())) {
      trust(access);
      return;
    }
    apply.accept(access.role());
    apply.accept(access.binding());
    if (trust(access).filter(before -> before.access.equals(access)).isEmpty()) {
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
    return before != null && before.access.equals(access) && clock.instant().isBefore(before.until);
  }

  private boolean isFirst(SidecarPermissions access) {
    return !granted.containsKey(access.cluster());
  }

  private boolean isPresent(HasMetadata wanted) {
    var object = present.get(Name.of(wanted));
    return object != null && OwnedObjects.isAsWanted(object, wanted);
  }

  private Optional<Granted> trust(SidecarPermissions access) {
    var seconds = TRUSTED_FOR.toSeconds();
    var spread = ThreadLocalRandom.current().nextLong(-seconds / 4, seconds / 4);
    var until = clock.instant().plusSeconds(seconds + spread);
    // One copy of each is enough, where there are thousands.
    for (var object : List.of(access.role(), access.binding())) {
      present.computeIfPresent(
          Name.of(object), (_, there) -> OwnedObjects.isAsWanted(there, object) ? object : there);
    }
    return Optional.ofNullable(granted.put(access.cluster(), new Granted(access, until)));
  }

  /// A Role or RoleBinding of ours, as the API server has it now.
  ///
  /// @return whether it is not what was granted, so that it has to be granted again
  public boolean isChanged(HasMetadata object) {
    var name = Name.of(object);
    var wanted = SidecarPermissions.cluster(name.key).map(granted::get).map(Granted::access);
    present.put(
        name, wanted.filter(it -> it.isAsWanted(object)).map(it -> it.as(object)).orElse(object));
    return distrust(name.key, access -> !access.isAsWanted(object));
  }

  /// A Role or RoleBinding of ours that is gone.
  ///
  /// @return whether it was granted, so that it has to be granted again
  public boolean isRemoved(String kind, ObjectKey key) {
    present.remove(new Name(kind, key));
    return distrust(key, _ -> true);
  }

  private boolean distrust(ObjectKey key, Predicate<SidecarPermissions> isLost) {
    return SidecarPermissions.cluster(key)
        .filter(granted::containsKey)
        .filter(
            cluster ->
                granted.computeIfPresent(cluster, (_, it) -> isLost.test(it.access) ? null : it)
                    == null)
        .isPresent();
  }

  /// Forgets clusters that are no more; Kubernetes removes their rights with them.
  void keepOnly(Set<ObjectKey> clusters) {
    granted.keySet().retainAll(clusters);
  }
}
