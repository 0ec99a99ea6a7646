package com.dalibo.pgbackrest.operator.permissions;

import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.rendering.ReferredObjects;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the Job for one object may do: read a Stanza and its Secrets, and write the status of its
/// object.
///
/// @param serviceAccount of its pods
/// @param objects in the order in which they are made
public record JobPermissions(String serviceAccount, List<HasMetadata> objects) {

  /// The objects that give these permissions to the pods of a Job.
  ///
  /// @param stanza whose repositories it reads
  /// @param given a ServiceAccount of the user's, in place of one of its own
  public static JobPermissions of(JobOwner owner, Stanza stanza, Optional<String> given) {
    var metadata = owner.metadata(owner.role() + owner.name());
    var account = given.orElseGet(owner::serviceAccount);
    var objects = new ArrayList<HasMetadata>();
    if (given.isEmpty()) {
      objects.add(new ServiceAccountBuilder().withMetadata(owner.metadata(account)).build());
    }
    objects.add(new RoleBuilder().withMetadata(metadata).withRules(rules(owner, stanza)).build());
    objects.add(
        new RoleBindingBuilder()
            .withMetadata(metadata)
            .withNewRoleRef(SidecarPermissions.RBAC_GROUP, "Role", metadata.getName())
            .addNewSubject()
            .withKind("ServiceAccount")
            .withName(account)
            .withNamespace(owner.namespace())
            .endSubject()
            .build());
    return new JobPermissions(account, List.copyOf(objects));
  }

  private static List<PolicyRule> rules(JobOwner owner, Stanza stanza) {
    var referred = ReferredObjects.of(stanza);
    var rules = new ArrayList<PolicyRule>();
    SidecarPermissions.add(rules, Stanza.GROUP, Stanza.PLURAL, Set.of(stanza.name()), "get");
    var isAboutTheStanza = owner.plural().equals(Stanza.PLURAL);
    if (!isAboutTheStanza) {
      SidecarPermissions.add(rules, Stanza.GROUP, owner.plural(), Set.of(owner.name()), "get");
    }
    SidecarPermissions.add(
        rules, Stanza.GROUP, owner.plural() + "/status", Set.of(owner.name()), "patch");
    SidecarPermissions.add(rules, "", "secrets", referred.secrets(), "get");
    SidecarPermissions.add(rules, "", "configmaps", referred.configMaps(), "get");
    if (isAboutTheStanza) {
      // An event has a name that is not known beforehand.
      rules.add(SidecarPermissions.rule("", "events", "create").build());
    }
    return rules;
  }
}
