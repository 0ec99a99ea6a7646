package com.dalibo.pgbackrest.testbed.kubernetes;

import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesObjects.ObjectKey;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesObjects.Part;
import java.util.Optional;

/// What a path of the Kubernetes API names: a collection where the name is empty, of all namespaces
/// where the namespace is empty too.
record ApiTarget(ObjectKey key, Part part) {
  static Optional<ApiTarget> of(String path) {
    var matcher =
        java.util.regex.Pattern.compile(
                "/(api/v1|apis/[^/]+/[^/]+)/namespaces/([^/]+)/([^/]+)(?:/([^/]+))?(/status)?")
            .matcher(path);
    if (!matcher.matches()) {
      return everywhere(path);
    }
    String name = matcher.group(4) == null ? "" : matcher.group(4);
    return Optional.of(
        new ApiTarget(
            new ObjectKey(matcher.group(1), matcher.group(2), matcher.group(3), name),
            matcher.group(5) == null ? Part.OBJECT : Part.STATUS));
  }

  private static Optional<ApiTarget> everywhere(String path) {
    var matcher =
        java.util.regex.Pattern.compile("/(api/v1|apis/[^/]+/[^/]+)/([^/]+)").matcher(path);
    return matcher.matches()
        ? Optional.of(
            new ApiTarget(new ObjectKey(matcher.group(1), "", matcher.group(2), ""), Part.OBJECT))
        : Optional.empty();
  }

  String qualifiedResource() {
    String[] parts = key.api().split("/", -1);
    return parts.length == 3 ? key.resource() + "." + parts[1] : key.resource();
  }

  boolean isCollection() {
    return key.name().isEmpty();
  }
}
