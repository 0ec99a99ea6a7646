package com.dalibo.pgbackrest.operator.permissions;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.InjectionCase;
import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import io.fabric8.kubernetes.api.model.HasMetadata;
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
  void rightsThatSomeoneRemovedAreThereAgainWithinAMinute() throws Exception {
    rights.grant(access());
    applied.clear();
    clock.advance(Duration.ofMinutes(1));

    rights.grant(access());

    assertThat(applied).extracting(HasMetadata::getKind).containsExactly("Role", "RoleBinding");
  }

  private static SidecarPermissions access() throws Exception {
    var given = InjectionCase.named("instance");
    var cluster = Cluster.parse(given.cluster());
    return SidecarPermissions.of(cluster, StanzaReferences.of(cluster).valid(), given.inventory());
  }
}
