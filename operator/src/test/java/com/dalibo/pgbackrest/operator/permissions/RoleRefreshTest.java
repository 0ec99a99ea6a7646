package com.dalibo.pgbackrest.operator.permissions;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.InjectionCase;
import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.google.protobuf.ByteString;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class RoleRefreshTest {

  private static final String DEMO = "0b0f8a2e-6a56-4a4c-9f6c-3f8d1f6f2a11";
  private static final String NAMESAKE = "9c1f8a2e-6a56-4a4c-9f6c-3f8d1f6f2a22";
  private static final String NAME = "pgbackrest.dalibo.com:demo";

  KubernetesClient client;

  private final TestClock clock = new TestClock(Instant.parse("2026-11-01T00:00:00Z"));
  private final List<String> reports = new ArrayList<>();
  private Inventory inventory;
  private RoleGrants rights;
  private RoleRefresh refresh;

  @BeforeEach
  void aClusterWithThePlugin() throws Exception {
    var given = InjectionCase.named("instance");
    inventory = given.inventory();
    inventory.putCluster(new ObjectKey("default", "demo"), Cluster.parse(given.cluster()));
    rights = new RoleGrants(new OwnedObjects(client)::apply, clock);
    refresh =
        new RoleRefresh(
            client,
            clock,
            inventory,
            rights,
            (cluster, problems) ->
                problems.forEach(
                    problem ->
                        reports.add(
                            cluster.name() + " " + problem.reason() + " " + problem.message())),
            works -> works.forEach(Runnable::run));
  }

  @Test
  void permissionsThatSomeoneHasChangedAreSetRight() {
    refresh.grant();
    var role = role(NAME);
    role.setRules(List.of());
    assertThat(rights.isChanged(client.resource(role).update())).isTrue();

    refresh.grant();

    assertThat(role(NAME).getRules()).hasSize(6);
  }

  @Test
  void aClusterMadeAnewTakesOverWhatTheOneBeforeItLeft() {
    refresh.grant();
    var role = role(NAME);
    role.getMetadata().getOwnerReferences().getFirst().setUid("of-the-one-before");
    assertThat(rights.isChanged(client.resource(role).update())).isTrue();

    refresh.grant();

    assertThat(owners(role(NAME))).containsExactly(DEMO);
  }

  @Test
  void theFormerNameGoesOnceTheNewOneIsInForce() {
    create("demo-pgbackrest", "demo", owner("demo", DEMO));

    refresh.grant();
    assertThat(role(NAME)).isNotNull();
    assertThat(binding(NAME).getRoleRef().getName()).isEqualTo(NAME);
    assertThat(binding("demo-pgbackrest")).isNotNull();
    clock.advance(Duration.ofMinutes(1));
    refresh.grant();

    assertThat(binding("demo-pgbackrest")).isNull();
    assertThat(role("demo-pgbackrest")).isNull();
    assertThat(reports).isEmpty();
  }

  @Test
  void whatAnEarlierReplicaMakesAgainDuringTheRolloutGoesToo() {
    refresh.grant();
    clock.advance(Duration.ofMinutes(1));
    refresh.grant();
    create("demo-pgbackrest", "demo", owner("demo", DEMO));
    clock.advance(Duration.ofMinutes(9));

    refresh.grant();

    assertThat(binding("demo-pgbackrest")).isNull();
  }

  @Test
  void whereItIsTakenFromAClusterOfThatNameItGoesWithinAMinute() throws Exception {
    namesake();
    refreshTwice();
    create("demo-pgbackrest", "demo", owner("demo-pgbackrest", NAMESAKE), owner("demo", DEMO));
    clock.advance(Duration.ofMinutes(1));

    refresh.grant();

    assertThat(binding("demo-pgbackrest")).isNull();
    assertThat(reports).hasSize(1);
  }

  @Test
  void permissionsThatAreInForceAtTheStartAreNotAskedFor() {
    refresh.grant();
    var role = role(NAME);
    var binding = binding(NAME);
    var applied = new ArrayList<HasMetadata>();
    rights = new RoleGrants(applied::add, clock);
    assertThat(rights.isChanged(role)).isFalse();
    assertThat(rights.isChanged(binding)).isFalse();

    new RoleRefresh(
            client, clock, inventory, rights, (_, _) -> {}, works -> works.forEach(Runnable::run))
        .grant();

    assertThat(applied).isEmpty();
  }

  @Test
  void theBindingOfAClusterOfThatNameIsNotTouched() throws Exception {
    namesake();
    create("demo-pgbackrest", "demo-pgbackrest", owner("demo-pgbackrest", NAMESAKE));

    refreshTwice();

    assertThat(binding("demo-pgbackrest").getSubjects().getFirst().getName())
        .isEqualTo("demo-pgbackrest");
    assertThat(role("demo-pgbackrest")).isNotNull();
    assertThat(reports).isEmpty();
  }

  @Test
  void aBindingTakenFromAClusterOfThatNameIsGivenBack() throws Exception {
    namesake();
    create("demo-pgbackrest", "demo", owner("demo-pgbackrest", NAMESAKE), owner("demo", DEMO));

    refreshTwice();

    assertThat(binding("demo-pgbackrest")).isNull();
    assertThat(owners(role("demo-pgbackrest"))).containsExactly(NAMESAKE);
    assertThat(reports)
        .containsExactly(
            "demo-pgbackrest RoleBindingReturned an earlier release of the plugin had taken"
                + " RoleBinding 'demo-pgbackrest' of this Cluster for another one, so it has been"
                + " deleted. CNPG creates it again when it next reconciles this Cluster; to do so "
                + "immediately: kubectl annotate cluster demo-pgbackrest --namespace default"
                + " pgbackrest.dalibo.com/reconcile=now --overwrite");
  }

  @Test
  void aRoleMadeBeforeTheClusterOfThatNameGoesOnAsItsOwn() throws Exception {
    namesake();
    create("demo-pgbackrest", "demo", owner("demo", DEMO));

    refreshTwice();

    assertThat(binding("demo-pgbackrest")).isNull();
    assertThat(owners(role("demo-pgbackrest"))).containsExactly(NAMESAKE);
  }

  @Test
  void aBindingIsGivenBackAlsoWhereTheClusterThatTookItIsGone() throws Exception {
    namesake();
    inventory.putCluster(new ObjectKey("default", "demo"), cluster("demo", DEMO).withoutPlugin());
    create("demo-pgbackrest", "demo", owner("demo-pgbackrest", NAMESAKE));

    refresh.grant();

    assertThat(binding("demo-pgbackrest")).isNull();
    assertThat(reports).hasSize(1);
  }

  @Test
  void aRoleOfAThirdPartyUnderTheFormerNameStays() {
    create("demo-pgbackrest", "demo");

    refreshTwice();

    assertThat(binding("demo-pgbackrest")).isNotNull();
    assertThat(role("demo-pgbackrest")).isNotNull();
  }

  private void refreshTwice() {
    refresh.grant();
    clock.advance(Duration.ofMinutes(1));
    refresh.grant();
  }

  private void namesake() throws Exception {
    inventory.putCluster(
        new ObjectKey("default", "demo-pgbackrest"),
        cluster("demo-pgbackrest", NAMESAKE).withoutPlugin());
  }

  private record Definition(String name, String uid) {
    Cluster withoutPlugin() throws Exception {
      return Cluster.parse(
          ByteString.copyFromUtf8(
              """
              {"metadata": {"name": "%s", "namespace": "default", "uid": "%s"}, "spec": {}}
              """
                  .formatted(name, uid)));
    }
  }

  private static Definition cluster(String name, String uid) {
    return new Definition(name, uid);
  }

  private void create(String name, String subject, OwnerReference... owners) {
    client
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .withOwnerReferences(owners)
                .endMetadata()
                .build())
        .create();
    client
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .addToLabels("app.kubernetes.io/managed-by", "pgbackrest-controller")
                .withOwnerReferences(owners)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", name)
                .addNewSubject()
                .withKind("ServiceAccount")
                .withName(subject)
                .withNamespace("default")
                .endSubject()
                .build())
        .create();
  }

  private static OwnerReference owner(String name, String uid) {
    return new OwnerReferenceBuilder()
        .withApiVersion(Cluster.API_VERSION)
        .withKind("Cluster")
        .withName(name)
        .withUid(uid)
        .build();
  }

  private static List<String> owners(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream().map(OwnerReference::getUid).toList();
  }

  private Role role(String name) {
    return client.rbac().roles().inNamespace("default").withName(name).get();
  }

  private RoleBinding binding(String name) {
    return client.rbac().roleBindings().inNamespace("default").withName(name).get();
  }
}
