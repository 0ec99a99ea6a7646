package com.dalibo.pgbackrest.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.proto.reconciler.ReconcilerHooksResult;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import io.fabric8.kubernetes.api.model.Event;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The problems of a Cluster that are events on it when CNPG reconciles it.
class ClusterProblemEventsTest {

  @AutoClose private final ReconcilerHooks hooks = new ReconcilerHooks();

  @Test
  void aMissingStanzaIsAnEventOnTheClusterAndHoldsNothingUp() throws Exception {
    var given = InjectionCase.named("instance-before-its-stanza");

    var result = hooks.pre(given.cluster(), given.inventory());

    assertThat(result.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
    assertThat(hooks.events())
        .extracting(Event::getReason, Event::getMessage)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "StanzaMissing",
                "there is no Stanza 'stanza-sample' in namespace 'default', which the cluster"
                    + " refers to; create it"));
  }

  @Test
  void anUnknownParameterIsAnEventOnTheCluster() throws Exception {
    var given = InjectionCase.named("instance-with-an-unknown-parameter");

    hooks.pre(given.cluster(), given.inventory());

    assertThat(hooks.events()).extracting(Event::getReason).containsExactly("ParameterUnknown");
  }

  @Test
  void aMemoryLimitWithWhichNothingWorksIsAnEventOnTheCluster() throws Exception {
    var given = InjectionCase.named("instance-with-resources");
    var inventory = given.inventory();
    hooks.pre(given.cluster(), inventory);
    assertThat(hooks.events()).isEmpty();

    for (var limit : List.of("40Mi", "60000000", "0.04G")) {
      inventory.putPluginConfig(
          new ObjectKey("default", "sized"),
          """
          {"metadata": {"name": "sized"},
           "spec": {"resourcesRequirement": {"limits": {"memory": "%s"}}}}
          """
              .formatted(limit));
      hooks.pre(given.cluster(), inventory);

      assertThat(hooks.events())
          .anySatisfy(
              event ->
                  assertThat(event.getMessage())
                      .startsWith(
                          "PluginConfig 'sized' allows the sidecar %s of memory".formatted(limit)));
    }
  }

  @Test
  void aRequestAboveItsLimitIsAnEventOnTheCluster() throws Exception {
    var given = InjectionCase.named("instance-with-resources");
    var inventory = given.inventory();
    inventory.putPluginConfig(
        new ObjectKey("default", "sized"),
        """
        {"metadata": {"name": "sized"}, "spec": {"resourcesRequirement": {
          "limits": {"cpu": 1, "memory": "128Mi"}, "requests": {"cpu": "1500m", "memory": "128Mi"}}}}
        """);

    hooks.pre(given.cluster(), inventory);

    assertThat(hooks.events())
        .extracting(Event::getReason, Event::getMessage)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "RequestAboveLimit",
                "PluginConfig 'sized' requests 1500m of cpu for the sidecar and allows it 1, so"
                    + " that Kubernetes refuses every new pod: correct spec.resourcesRequirement,"
                    + " where no request may be above its limit"));
  }

  @Test
  void theSameProblemIsSaidOnce() throws Exception {
    var given = InjectionCase.named("instance-before-its-stanza");
    var service = hooks.service(given.inventory());

    ReconcilerHooks.pre(service, given.cluster());
    ReconcilerHooks.pre(service, given.cluster());

    assertThat(hooks.events()).hasSize(1);
  }
}
