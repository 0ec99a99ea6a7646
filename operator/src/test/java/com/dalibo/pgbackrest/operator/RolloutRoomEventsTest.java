package com.dalibo.pgbackrest.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.google.protobuf.ByteString;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A quota without room for the pods that CNPG is about to replace is an event on the Cluster.
class RolloutRoomEventsTest {

  @AutoClose private final ReconcilerHooks hooks = new ReconcilerHooks();

  /// The quota may count a pod that was just replaced, for a moment.
  @Test
  void aQuotaWithoutRoomForTheRolloutIsAnEventOnceThePodsAreSettled() throws Exception {
    var given = InjectionCase.named("instance-with-resources");
    var inventory = given.inventory();
    UsedUpQuota.in(inventory);
    hooks.pre(given.cluster(), inventory);
    assertThat(hooks.events()).isEmpty();
    put(inventory, hooks.clock.instant());
    hooks.pre(given.cluster(), inventory);
    assertThat(hooks.events()).isEmpty();

    hooks.clock.advance(Duration.ofMinutes(1));
    hooks.pre(given.cluster(), inventory);

    assertThat(hooks.events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getReason()).isEqualTo("QuotaExhausted");
              assertThat(event.getMessage())
                  .startsWith(
                      "resource quota 'compute' of namespace 'default' has no room for the sidecar in"
                          + " 1 running pod of cluster 'demo', where more of it is needed: ")
                  .contains(" of memory (left: 0). CNPG deletes a pod before");
            });
  }

  /// Its instances have no sidecar, and get none.
  @Test
  void aClusterThatOnlyRecoversRollsNothingOut() throws Exception {
    var given = InjectionCase.named("instance-with-resources");
    var inventory = given.inventory();
    UsedUpQuota.in(inventory);
    put(inventory, Instant.parse("2020-01-01T00:00:00Z"));

    hooks.pre(
        ByteString.copyFromUtf8(
            """
            {"metadata": {"name": "demo", "namespace": "default", "uid": "u"},
             "spec": {"bootstrap": {"recovery": {"source": "origin"}},
               "externalClusters": [{"name": "origin", "plugin": {"name": "pgbackrest.dalibo.com",
                 "parameters": {"stanzaRef": "stanza-sample", "pluginConfigRef": "sized"}}}]},
             "status": {"currentPrimary": "demo-1"}}
            """),
        inventory);

    assertThat(hooks.events()).extracting(Event::getReason).doesNotContain("QuotaExhausted");
  }

  /// An instance that runs, without a sidecar.
  private static void put(Inventory inventory, Instant created) {
    inventory
        .pods()
        .put(
            new ObjectKey("default", "demo-1"),
            Serialization.unmarshal(
                """
                metadata: {name: demo-1, creationTimestamp: '%s', labels: {cnpg.io/cluster: demo}}
                spec: {containers: [{name: postgres}]}
                """
                    .formatted(created),
                Pod.class));
  }
}
