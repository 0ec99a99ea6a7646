package com.dalibo.pgbackrest.operator.permissions;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.rendering.ReferredObjects;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// What the inspection of one Stanza may do: read this Stanza and its Secrets, and write its
/// status.
///
/// @param serviceAccount of its pods
/// @param objects in the order in which they are made
public record InspectionPermissions(String serviceAccount, List<HasMetadata> objects) {

  /// With it the name of a ServiceAccount has less than 253 characters.
  private static final int LONGEST = 200;

  /// The objects that give these permissions to the pods of an inspection.
  ///
  /// @param given a ServiceAccount of the user's, in place of one of its own
  public static InspectionPermissions of(Stanza stanza, Optional<String> given) {
    var metadata = metadata(stanza, Plugin.NAME + ":stanza:" + stanza.name());
    var account = given.orElseGet(() -> accountOf(stanza.name()));
    var objects = new ArrayList<HasMetadata>();
    if (given.isEmpty()) {
      objects.add(new ServiceAccountBuilder().withMetadata(metadata(stanza, account)).build());
    }
    objects.add(new RoleBuilder().withMetadata(metadata).withRules(rules(stanza)).build());
    objects.add(
        new RoleBindingBuilder()
            .withMetadata(metadata)
            .withNewRoleRef(SidecarPermissions.RBAC_GROUP, "Role", metadata.getName())
            .addNewSubject()
            .withKind("ServiceAccount")
            .withName(account)
            .withNamespace(stanza.namespace())
            .endSubject()
            .build());
    return new InspectionPermissions(account, List.copyOf(objects));
  }

  // CNPG names the ServiceAccount of a Cluster after the Cluster, whose name has no dot.
  private static String accountOf(String stanza) {
    return stanza.length() <= LONGEST
        ? Plugin.NAME + "-" + stanza
        : "%s-%s-%08x".formatted(Plugin.NAME, stanza.substring(0, LONGEST), stanza.hashCode());
  }

  /// What belongs to a Stanza is deleted with it, but not in its way: `blockOwnerDeletion` would
  /// need rights on Stanzas.
  public static ObjectMeta metadata(Stanza stanza, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(stanza.namespace())
        .withLabels(
            Map.of(
                "app.kubernetes.io/managed-by",
                Plugin.CONTROLLER,
                "app.kubernetes.io/component",
                "inspection"))
        .addNewOwnerReference()
        .withApiVersion(Stanza.API_VERSION)
        .withKind(Stanza.KIND)
        .withName(stanza.name())
        .withUid(Objects.requireNonNullElse(stanza.metadata().uid(), ""))
        .endOwnerReference()
        .build();
  }

  private static List<PolicyRule> rules(Stanza stanza) {
    var referred = ReferredObjects.of(stanza);
    var rules = new ArrayList<PolicyRule>();
    SidecarPermissions.add(rules, Stanza.GROUP, "stanzas", Set.of(stanza.name()), "get");
    SidecarPermissions.add(rules, Stanza.GROUP, "stanzas/status", Set.of(stanza.name()), "patch");
    SidecarPermissions.add(rules, "", "secrets", referred.secrets(), "get");
    SidecarPermissions.add(rules, "", "configmaps", referred.configMaps(), "get");
    // An event has a name that is not known beforehand.
    rules.add(SidecarPermissions.rule("", "events", "create").build());
    return rules;
  }
}
