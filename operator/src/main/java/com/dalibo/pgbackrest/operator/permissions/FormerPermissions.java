package com.dalibo.pgbackrest.operator.permissions;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.reason.ClusterReason;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/// The Role and RoleBinding `CLUSTER-pgbackrest` of earlier releases and of the Go plugin. A
/// Cluster can have that name, and CNPG names the Role and RoleBinding of a Cluster after it: then
/// they were taken from that Cluster, and it gets them back.
final class FormerPermissions {

  private static final String SUFFIX = "-pgbackrest";

  /// The permissions under the new name are in force by then on every API server.
  private static final Duration SETTLED = Duration.ofMinutes(1);

  /// No replica of an earlier release is left by then that would make them again.
  private static final Duration ROLLED_OUT = Duration.ofMinutes(10);

  private static final Log LOG = Log.of(FormerPermissions.class);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Inventory inventory;
  private final BiConsumer<Cluster, List<Problem>> report;
  private final Map<String, Watch> watched = new ConcurrentHashMap<>();

  FormerPermissions(
      KubernetesClient client,
      InstantSource clock,
      Inventory inventory,
      BiConsumer<Cluster, List<Problem>> report) {
    this.client = client;
    this.clock = clock;
    this.inventory = inventory;
    this.report = report;
  }

  /// @param since when the permissions of a cluster were first known to be in force
  private record Watch(Instant since, Instant next) {}

  /// For a cluster whose permissions are granted under their new name.
  void remove(Cluster cluster) {
    var now = clock.instant();
    var watch = watched.computeIfAbsent(cluster.uid(), _ -> new Watch(now, now.plus(SETTLED)));
    if (now.isBefore(watch.next)) {
      return;
    }
    removeNow(cluster);
    var rolledOut = watch.since.plus(ROLLED_OUT);
    watched.put(cluster.uid(), new Watch(watch.since, next(cluster, now, rolledOut)));
  }

  // A Cluster of that name is harmed by what an earlier replica makes again, so it is looked for.
  private Instant next(Cluster cluster, Instant now, Instant rolledOut) {
    if (!now.isBefore(rolledOut)) {
      return Instant.MAX;
    }
    var former = new ObjectKey(cluster.namespace(), cluster.name() + SUFFIX);
    return inventory.cluster(former).isPresent() ? now.plus(SETTLED) : rolledOut;
  }

  /// For a Cluster of such a name, where the one that took its binding is gone or no longer uses
  /// the plugin.
  void giveBack(Cluster cluster) {
    if (!cluster.name().endsWith(SUFFIX) || isTakenByAUser(cluster)) {
      return;
    }
    var binding =
        client
            .rbac()
            .roleBindings()
            .inNamespace(cluster.namespace())
            .withName(cluster.name())
            .get();
    if (binding != null && isWrittenByUs(binding) && !isFor(binding, cluster)) {
      delete(binding, cluster);
      reportReturned(cluster);
    }
  }

  private boolean isTakenByAUser(Cluster cluster) {
    var name = cluster.name().substring(0, cluster.name().length() - SUFFIX.length());
    return inventory
        .cluster(new ObjectKey(cluster.namespace(), name))
        .filter(other -> !StanzaReferences.of(other).valid().isEmpty())
        .isPresent();
  }

  private static boolean isWrittenByUs(RoleBinding binding) {
    return Plugin.CONTROLLER.equals(
        binding.getMetadata().getLabels().get("app.kubernetes.io/managed-by"));
  }

  /// Forgets clusters that are no more.
  void keepOnly(Set<String> uids) {
    watched.keySet().retainAll(uids);
  }

  private void removeNow(Cluster cluster) {
    var name = cluster.name() + SUFFIX;
    var namesake = inventory.cluster(new ObjectKey(cluster.namespace(), name));
    var bindings = client.rbac().roleBindings().inNamespace(cluster.namespace());
    var binding = Optional.ofNullable(bindings.withName(name).get());
    if (binding.filter(found -> isRemovable(found, cluster, namesake)).isPresent()) {
      delete(binding.get(), cluster);
      namesake.ifPresent(this::reportReturned);
    }
    var roles = client.rbac().roles().inNamespace(cluster.namespace());
    var role = Optional.ofNullable(roles.withName(name).get());
    role.filter(found -> owners(found).stream().anyMatch(owner -> isOf(owner, cluster)))
        .ifPresent(found -> removeRole(found, cluster, namesake));
  }

  /// CNPG creates a binding that is not there, and leaves one alone that is.
  private static boolean isRemovable(
      RoleBinding binding, Cluster cluster, Optional<Cluster> namesake) {
    var isOurs = owners(binding).stream().anyMatch(owner -> isOf(owner, cluster));
    return isOurs
        && namesake
            .map(other -> !isFor(binding, other))
            .orElseGet(() -> owners(binding).stream().allMatch(owner -> isOf(owner, cluster)));
  }

  private static boolean isFor(RoleBinding binding, Cluster cluster) {
    return binding.getSubjects().stream()
        .anyMatch(subject -> subject.getName().equals(cluster.serviceAccountName()));
  }

  /// CNPG corrects the rules of a Role that is there, so a Cluster of that name keeps it.
  private void removeRole(Role role, Cluster cluster, Optional<Cluster> namesake) {
    if (namesake.isPresent()) {
      release(role, cluster, namesake.get());
    } else if (owners(role).stream().allMatch(owner -> isOf(owner, cluster))) {
      delete(role, cluster);
    }
  }

  private void release(Role role, Cluster cluster, Cluster namesake) {
    var kept = new ArrayList<>(owners(role));
    kept.removeIf(owner -> isOf(owner, cluster));
    if (kept.isEmpty()) {
      kept.add(
          new OwnerReferenceBuilder()
              .withApiVersion(Cluster.API_VERSION)
              .withKind("Cluster")
              .withName(namesake.name())
              .withUid(namesake.uid())
              .withController(true)
              .build());
    }
    new ObjectChange(role).with("/metadata/ownerReferences", kept).send(client);
    log("returned a Role to the Cluster of that name", role, cluster);
  }

  private void delete(HasMetadata object, Cluster cluster) {
    client.resource(object).lockResourceVersion().delete();
    log("removed permissions under their former name", object, cluster);
  }

  private static void log(String what, HasMetadata object, Cluster cluster) {
    LOG.info(
        what,
        "kind",
        object.getKind(),
        "name",
        object.getMetadata().getName(),
        "cluster",
        cluster.namespace() + "/" + cluster.name());
  }

  private static List<OwnerReference> owners(HasMetadata object) {
    return object.getMetadata().getOwnerReferences();
  }

  private static boolean isOf(OwnerReference owner, Cluster cluster) {
    return owner.getUid().equals(cluster.uid());
  }

  private void reportReturned(Cluster namesake) {
    report.accept(
        namesake,
        List.of(
            new Problem(
                ClusterReason.ROLE_BINDING_RETURNED,
                ("an earlier release of the plugin had taken RoleBinding '%1$s' of this Cluster for another one, so it has"
                        + " been deleted. CNPG creates it again when it next reconciles this Cluster; to "
                        + "do so immediately: kubectl annotate cluster %1$s --namespace %2$s"
                        + " pgbackrest.dalibo.com/reconcile=now --overwrite")
                    .formatted(namesake.name(), namesake.namespace()))));
  }
}
