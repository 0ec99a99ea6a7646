package com.dalibo.pgbackrest.operator.permissions;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;

/// Other values for some fields of an object, refused by the API server (409) if somebody has
/// changed the object since it was read.
final class ObjectChange {

  private final HasMetadata read;
  private final List<Operation> operations = new ArrayList<>();

  private record Operation(String op, String path, Object value) {}

  ObjectChange(HasMetadata read) {
    this.read = read;
    operations.add(
        new Operation(
            "replace", "/metadata/resourceVersion", read.getMetadata().getResourceVersion()));
  }

  /// @param path of the field, such as `/metadata/labels`
  ObjectChange with(String path, Object value) {
    operations.add(new Operation("add", path, value));
    return this;
  }

  void send(KubernetesClient client) {
    client
        .resource(read)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.JSON)
                .withFieldManager(Plugin.CONTROLLER)
                .build(),
            client.getKubernetesSerialization().asJson(operations));
  }
}
