package com.dalibo.pgbackrest.operator.permissions;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.rendering.ReferredObjects;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What the sidecars of one cluster may do: read the objects that the cluster names, and say what
/// they found.
public record SidecarPermissions(ObjectKey cluster, Role role, RoleBinding binding) {

  /// The labels of the Roles and RoleBindings of all clusters.
  public static final Map<String, String> LABELS =
      Map.of("app.kubernetes.io/managed-by", Plugin.CONTROLLER);

  // No Cluster, Pooler or other namesake of Kubernetes' own objects can have a colon in its name.
  private static final String PREFIX = Plugin.NAME + ":";

  static final String RBAC_GROUP = "rbac.authorization.k8s.io";

  public static SidecarPermissions of(
      Cluster cluster, List<StanzaReference> references, Inventory inventory) {
    var metadata = metadata(cluster);
    var role =
        new RoleBuilder()
            .withMetadata(metadata)
            .withRules(rules(cluster, references, inventory))
            .build();
    var binding =
        new RoleBindingBuilder()
            .withMetadata(metadata)
            .withNewRoleRef(RBAC_GROUP, "Role", metadata.getName())
            .addNewSubject()
            .withKind("ServiceAccount")
            .withName(cluster.serviceAccountName())
            .withNamespace(cluster.namespace())
            .endSubject()
            .build();
    return new SidecarPermissions(
        new ObjectKey(cluster.namespace(), cluster.name()), role, binding);
  }

  /// The cluster that a Role or RoleBinding is for, by its name.
  static Optional<ObjectKey> cluster(ObjectKey key) {
    return key.name().startsWith(PREFIX)
        ? Optional.of(new ObjectKey(key.namespace(), key.name().substring(PREFIX.length())))
        : Optional.empty();
  }

  /// Whether the Role or RoleBinding, under the name of this one, grants this.
  boolean isAsWanted(HasMetadata object) {
    return OwnedObjects.isAsWanted(object, as(object));
  }

  /// The one of the two that is of the object's kind.
  HasMetadata as(HasMetadata object) {
    return object instanceof Role ? role : binding;
  }

  // Deleted with the Cluster, but not in its way: `blockOwnerDeletion` would need rights on
  // Clusters.
  private static ObjectMeta metadata(Cluster cluster) {
    return new ObjectMetaBuilder()
        .withName(PREFIX + cluster.name())
        .withNamespace(cluster.namespace())
        .withLabels(LABELS)
        .addToLabels("cnpg.io/cluster", cluster.name())
        .addNewOwnerReference()
        .withApiVersion(Cluster.API_VERSION)
        .withKind("Cluster")
        .withName(cluster.name())
        .withUid(cluster.uid())
        .endOwnerReference()
        .build();
  }

  private static List<PolicyRule> rules(
      Cluster cluster, List<StanzaReference> references, Inventory inventory) {
    var stanzas = new TreeSet<String>();
    var configs = new TreeSet<String>();
    var secrets = new TreeSet<String>();
    var configMaps = new TreeSet<String>();
    for (var reference : references) {
      stanzas.add(reference.stanzaName());
      reference.pluginConfigName().ifPresent(configs::add);
      inventory
          .readableStanza(new ObjectKey(cluster.namespace(), reference.stanzaName()))
          .map(ReferredObjects::of)
          .ifPresent(
              referred -> {
                secrets.addAll(referred.secrets());
                configMaps.addAll(referred.configMaps());
              });
    }
    var rules = new ArrayList<PolicyRule>();
    add(rules, Stanza.GROUP, "stanzas", stanzas, "get");
    add(rules, Stanza.GROUP, "stanzas/status", stanzas, "get", "patch");
    add(rules, Stanza.GROUP, "pluginconfigs", configs, "get");
    add(rules, "", "secrets", secrets, "get");
    add(rules, "", "configmaps", configMaps, "get");
    add(rules, Cluster.GROUP, "clusters", Set.of(cluster.name()), "get");
    // Events and Backups have names that are not known beforehand.
    rules.add(rule("", "events", "create", "patch").build());
    rules.add(rule(Cluster.GROUP, "backups", "get", "list", "patch", "delete").build());
    return rules;
  }

  // A rule without names would be a right to all objects of the kind.
  static void add(
      List<PolicyRule> rules,
      String group,
      String resource,
      Collection<String> names,
      String... verbs) {
    if (!names.isEmpty()) {
      rules.add(rule(group, resource, verbs).withResourceNames(List.copyOf(names)).build());
    }
  }

  static PolicyRuleBuilder rule(String group, String resource, String... verbs) {
    return new PolicyRuleBuilder().withApiGroups(group).withResources(resource).withVerbs(verbs);
  }
}
