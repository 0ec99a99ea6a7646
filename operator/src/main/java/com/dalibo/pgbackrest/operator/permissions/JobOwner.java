package com.dalibo.pgbackrest.operator.permissions;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.stanza.api.Metadata;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlan;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import java.util.Objects;

/// The object that a Job is about, and to which the Job and its permissions belong.
///
/// @param plural as in the API
/// @param component what the Job is, for labels
/// @param account what the name of a ServiceAccount begins with
/// @param role what the name of a Role begins with
public record JobOwner(
    String kind,
    String plural,
    String namespace,
    String name,
    String uid,
    String component,
    String account,
    String role) {

  /// With it the name of a ServiceAccount has less than 253 characters.
  private static final int LONGEST = 200;

  /// The Stanza that is inspected.
  public static JobOwner of(Stanza stanza) {
    // CNPG names the ServiceAccount of a Cluster after the Cluster, whose name has no dot.
    return new JobOwner(
        Stanza.KIND,
        Stanza.PLURAL,
        stanza.namespace(),
        stanza.name(),
        uid(stanza.metadata()),
        "inspection",
        Plugin.NAME + "-",
        Plugin.NAME + ":stanza:");
  }

  /// The plan that is made.
  public static JobOwner of(RestorePlan plan) {
    return new JobOwner(
        RestorePlan.KIND,
        RestorePlan.PLURAL,
        plan.namespace(),
        plan.name(),
        uid(plan.metadata()),
        "plan",
        Plugin.NAME + ".plan-",
        Plugin.NAME + ":plan:");
  }

  private static String uid(Metadata metadata) {
    return Objects.requireNonNullElse(metadata.uid(), "");
  }

  /// What belongs to it is deleted with it, but not in its way: `blockOwnerDeletion` would need
  /// rights on the owner.
  public ObjectMeta metadata(String itsName) {
    return new ObjectMetaBuilder()
        .withName(itsName)
        .withNamespace(namespace)
        .withLabels(
            Map.of(
                "app.kubernetes.io/managed-by",
                Plugin.CONTROLLER,
                "app.kubernetes.io/component",
                component))
        .addNewOwnerReference()
        .withApiVersion(Stanza.API_VERSION)
        .withKind(kind)
        .withName(name)
        .withUid(uid)
        .endOwnerReference()
        .build();
  }

  String serviceAccount() {
    return name.length() <= LONGEST
        ? account + name
        : "%s%s-%08x".formatted(account, name.substring(0, LONGEST), name.hashCode());
  }
}
