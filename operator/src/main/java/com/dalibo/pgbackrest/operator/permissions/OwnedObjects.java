package com.dalibo.pgbackrest.operator.permissions;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Writes the permissions of a Cluster or Stanza. An object of the same name that does not belong
/// to it is somebody else's and is not touched.
public final class OwnedObjects {

  private static final int MOST_TRIES = 3;

  private final KubernetesClient client;

  public OwnedObjects(KubernetesClient client) {
    this.client = client;
  }

  /// Makes the object what it is here.
  ///
  /// @throws TakenNameException when it is somebody else's
  public void apply(HasMetadata wanted) {
    for (var tries = 1; ; tries++) {
      try {
        write(wanted);
        return;
      } catch (KubernetesClientException e) {
        // Another replica, or whoever else, was quicker: look again at what is there now.
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  private void write(HasMetadata wanted) {
    var present = client.resource(wanted).get();
    if (present == null) {
      create(wanted);
      return;
    }
    if (!isOfTheSameOwner(present, wanted)) {
      throw taken(wanted);
    }
    if (wanted instanceof ServiceAccount) {
      // There is nothing in it to be changed.
      return;
    }
    if (isBoundElsewhere(present, wanted)) {
      client.resource(present).delete();
      create(wanted);
    } else if (!isAsWanted(present, wanted)) {
      change(present, wanted).send(client);
    }
  }

  private void create(HasMetadata wanted) {
    client.resource(wanted).create();
  }

  /// A Cluster that was made anew under its name finds the objects of the one before until
  /// Kubernetes has removed them; they become its own.
  private static boolean isOfTheSameOwner(HasMetadata present, HasMetadata wanted) {
    var ours = wanted.getMetadata().getOwnerReferences().getFirst();
    var owners = present.getMetadata().getOwnerReferences();
    return !owners.isEmpty() && owners.stream().allMatch(owner -> isSame(owner, ours));
  }

  private static boolean isSame(OwnerReference owner, OwnerReference ours) {
    return group(owner).equals(group(ours))
        && owner.getKind().equals(ours.getKind())
        && owner.getName().equals(ours.getName());
  }

  private static String group(OwnerReference owner) {
    return owner.getApiVersion().replaceFirst("/.*", "");
  }

  /// Kubernetes does not let the Role of a binding be changed.
  private static boolean isBoundElsewhere(HasMetadata present, HasMetadata wanted) {
    return present instanceof RoleBinding before
        && wanted instanceof RoleBinding after
        && !before.getRoleRef().equals(after.getRoleRef());
  }

  /// Whether nothing has to be written.
  static boolean isAsWanted(HasMetadata present, HasMetadata wanted) {
    return !isBoundElsewhere(present, wanted)
        && content(present).equals(content(wanted))
        && present
            .getMetadata()
            .getOwnerReferences()
            .equals(wanted.getMetadata().getOwnerReferences())
        && Objects.requireNonNullElse(present.getMetadata().getLabels(), Map.<String, String>of())
            .entrySet()
            .containsAll(wanted.getMetadata().getLabels().entrySet());
  }

  private static ObjectChange change(HasMetadata present, HasMetadata wanted) {
    var labels =
        new HashMap<>(
            Objects.requireNonNullElse(
                present.getMetadata().getLabels(), Map.<String, String>of()));
    labels.putAll(wanted.getMetadata().getLabels());
    var change =
        new ObjectChange(present)
            .with("/metadata/labels", labels)
            .with("/metadata/ownerReferences", wanted.getMetadata().getOwnerReferences());
    content(wanted).forEach((field, value) -> change.with("/" + field, value));
    return change;
  }

  private static Map<String, List<?>> content(HasMetadata object) {
    return switch (object) {
      case Role role -> Map.of("rules", role.getRules());
      case RoleBinding binding -> Map.of("subjects", binding.getSubjects());
      case HasMetadata other -> throw new IllegalArgumentException(other.getKind());
    };
  }

  private static TakenNameException taken(HasMetadata wanted) {
    var metadata = wanted.getMetadata();
    return new TakenNameException(
        ("the sidecars of %6$s '%1$s' have no permissions: there is a %2$s '%3$s' that does not"
                + " belong to the %6$s, and it is left as it is; if it is not needed, remove it:"
                + " kubectl delete %4$s %3$s --namespace %5$s")
            .formatted(
                metadata.getOwnerReferences().getFirst().getName(),
                wanted.getKind(),
                metadata.getName(),
                wanted.getSingular(),
                metadata.getNamespace(),
                metadata.getOwnerReferences().getFirst().getKind()));
  }
}
