package com.dalibo.pgbackrest.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.proto.reconciler.ReconcilerHooksResult;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.google.protobuf.ByteString;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.ArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What CNPG is answered before it reconciles a Cluster, and the permissions that the Cluster has
/// then.
class PreReconcileHookTest {

  @AutoClose private final ReconcilerHooks hooks = new ReconcilerHooks();

  @Test
  void aClusterGetsItsRightsAndCnpgGoesOn() throws Exception {
    var given = InjectionCase.named("instance");

    var result = hooks.pre(given.cluster(), given.inventory());

    assertThat(result.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
    var role =
        hooks
            .client
            .rbac()
            .roles()
            .inNamespace("default")
            .withName("pgbackrest.dalibo.com:demo")
            .get();
    assertThat(role.getRules()).hasSize(6);
    assertThat(hooks.events()).isEmpty();
  }

  @Test
  void aRoleOfSomebodyElseIsLeftAloneAndNamedInAnEvent() throws Exception {
    var given = InjectionCase.named("instance");
    var taken =
        new RoleBuilder()
            .withNewMetadata()
            .withName("pgbackrest.dalibo.com:demo")
            .withNamespace("default")
            .endMetadata()
            .build();
    hooks.client.resource(taken).create();

    hooks.pre(given.cluster(), given.inventory());

    assertThat(hooks.client.resource(taken).get().getRules()).isEmpty();
    assertThat(hooks.client.resource(taken).get().getMetadata().getOwnerReferences()).isEmpty();
    assertThat(hooks.events())
        .extracting(Event::getReason, Event::getMessage)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "NameTaken",
                "the sidecars of Cluster 'demo' have no permissions: there is a Role"
                    + " 'pgbackrest.dalibo.com:demo' that does not belong to the Cluster, and it is"
                    + " left as it is; if it is not needed, remove it: kubectl delete role"
                    + " pgbackrest.dalibo.com:demo --namespace default"));
  }

  /// CNPG reconciles few Clusters at a time and would wait for the answer.
  @Test
  void cnpgIsAskedToComeAgainWhereTheApiServerIsSlow() throws Exception {
    var given = InjectionCase.named("instance");
    var cluster =
        ByteString.copyFromUtf8(
            given.cluster().toStringUtf8().replace("currentPrimary", "somethingElse"));
    var granting = new ArrayList<Runnable>();
    var service = hooks.service(given.inventory(), granting::add);

    var slow = ReconcilerHooks.pre(service, cluster);
    granting.getLast().run();
    var granted = ReconcilerHooks.pre(service, cluster);

    assertThat(slow.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_REQUEUE);
    assertThat(slow.getRequeueAfter()).isEqualTo(1);
    assertThat(granted.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
  }

  @Test
  void aClusterWithoutAPrimaryWaitsUntilTheStanzasAreKnown() throws Exception {
    var cluster =
        ByteString.copyFromUtf8(
            InjectionCase.named("instance")
                .cluster()
                .toStringUtf8()
                .replace("currentPrimary", "somethingElse"));

    var result = hooks.pre(cluster, new Inventory());

    assertThat(result.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_REQUEUE);
    assertThat(result.getRequeueAfter()).isPositive();
  }

  @Test
  void aClusterWithAPrimaryIsNeverHeldUp() throws Exception {
    var cluster = InjectionCase.named("instance").cluster();

    var result = hooks.pre(cluster, new Inventory());

    assertThat(result.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
  }

  /// Whatever it is in what people wrote that nobody thought of.
  @Test
  void whatCannotBeJudgedHoldsNoClusterUp() throws Exception {
    var given = InjectionCase.named("instance");

    var result =
        ReconcilerHooks.pre(
            hooks.service(
                given.inventory(),
                Runnable::run,
                _ -> {
                  throw new ArithmeticException("overflow");
                }),
            given.cluster());

    assertThat(result.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
    assertThat(
            hooks
                .client
                .rbac()
                .roles()
                .inNamespace("default")
                .withName("pgbackrest.dalibo.com:demo")
                .get())
        .as("it has its permissions all the same")
        .isNotNull();
  }
}
