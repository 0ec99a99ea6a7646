package com.dalibo.pgbackrest.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.Cluster;
import com.dalibo.pgbackrest.stanza.StanzaReferences;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RightsTest {

  private final TestClock clock = new TestClock(Instant.parse("2026-11-01T00:00:00Z"));
  private final List<HasMetadata> applied = new ArrayList<>();
  private final Rights rights = new Rights(applied::add, clock);

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

  private static SidecarAccess access() throws Exception {
    var given = InjectionCase.named("instance");
    var cluster = Cluster.parse(given.cluster());
    return SidecarAccess.of(cluster, StanzaReferences.of(cluster).valid(), given.inventory());
  }
}
