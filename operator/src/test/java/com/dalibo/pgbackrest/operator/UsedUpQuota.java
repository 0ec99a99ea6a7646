package com.dalibo.pgbackrest.operator;

import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.client.utils.Serialization;

/// A quota of the namespace `default` that leaves no memory.
public final class UsedUpQuota {
  private UsedUpQuota() {}

  public static void in(Inventory inventory) {
    inventory
        .limits()
        .putQuota(
            new ObjectKey("default", "compute"),
            Serialization.unmarshal(
                """
                metadata: {name: compute, namespace: default}
                spec: {hard: {memory: 1Gi}}
                status: {hard: {memory: 1Gi}, used: {memory: 1Gi}}
                """,
                ResourceQuota.class));
  }
}
