package com.dalibo.pgbackrest.operator.permissions;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.InjectionCase;
import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoleGrantsTest {

  private final TestClock clock = new TestClock(Instant.parse("2026-11-01T00:00:00Z"));
  private final List<HasMetadata> applied = new ArrayList<>();
  private final RoleGrants rights = new RoleGrants(applied::add, clock);

  @Test
  void whatWasGrantedAMomentAgoIsNotGrantedAgain() throws Exception {
    rights.grant(access());
    rights.grant(access());

    assertThat(applied).extracting(HasMetadata::getKind).containsExactly("Role", "RoleBinding");
  }

  @Test
  void whatSomeoneHasRemovedIsGrantedAgain() throws Exception {
    rights.grant(access());
    applied.clear();

    assertThat(rights.isRemoved("RoleBinding", key(access().binding()))).isTrue();
    assertThat(rights.isGranted(access())).isFalse();
    rights.grant(access());

    assertThat(applied).extracting(HasMetadata::getKind).containsExactly("Role", "RoleBinding");
  }

  @Test
  void whatSomeoneHasChangedIsGrantedAgain() throws Exception {
    rights.grant(access());
    var role = new RoleBuilder(access().role()).withRules(List.of()).build();

    assertThat(rights.isChanged(role)).isTrue();
    assertThat(rights.isGranted(access())).isFalse();
  }

  @Test
  void whatIsAsItWasGrantedStaysGranted() throws Exception {
    rights.grant(access());

    assertThat(rights.isChanged(access().role())).isFalse();
    assertThat(rights.isChanged(access().binding())).isFalse();
    assertThat(rights.isGranted(access())).isTrue();
  }

  @Test
  void aRoleOfSomeoneElseThatHasOurLabelIsPassedOver() throws Exception {
    rights.grant(access());
    var other =
        new RoleBuilder(access().role()).editMetadata().withName("demo").endMetadata().build();

    assertThat(rights.isChanged(other)).isFalse();
    assertThat(rights.isRemoved("Role", key(other))).isFalse();
    assertThat(rights.isGranted(access())).isTrue();
  }

  @Test
  void theApiServerIsAskedAgainAfterSomeHours() throws Exception {
    rights.grant(access());
    applied.clear();
    clock.advance(Duration.ofHours(4));
    assertThat(rights.isGranted(access())).isTrue();
    clock.advance(Duration.ofHours(4));

    rights.grant(access());

    assertThat(applied).extracting(HasMetadata::getKind).containsExactly("Role", "RoleBinding");
  }

  /// Thousands of Clusters have thousands of them.
  @Test
  void aRoleThatIsAsItWasGrantedIsHeldOnce() throws Exception {
    rights.grant(access());
    var reported = reportedRole();

    System.gc();

    assertThat(reported.refersTo(null)).isTrue();
    assertThat(rights.isGranted(access())).isTrue();
  }

  @Test
  void aRoleThatIsThereAlreadyIsHeldOnceItIsGranted() throws Exception {
    var reported = reportedRole();
    System.gc();
    assertThat(reported.refersTo(null)).isFalse();
    rights.grant(access());

    System.gc();

    assertThat(reported.refersTo(null)).isTrue();
  }

  private WeakReference<HasMetadata> reportedRole() throws Exception {
    HasMetadata role = access().role();
    assertThat(rights.isChanged(role)).isFalse();
    return new WeakReference<>(role);
  }

  private static ObjectKey key(HasMetadata object) {
    return new ObjectKey(object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  private static SidecarPermissions access() throws Exception {
    var given = InjectionCase.named("instance");
    var cluster = Cluster.parse(given.cluster());
    return SidecarPermissions.of(cluster, StanzaReferences.of(cluster).valid(), given.inventory());
  }
}
