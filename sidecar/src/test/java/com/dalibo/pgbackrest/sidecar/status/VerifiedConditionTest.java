package com.dalibo.pgbackrest.sidecar.status;

import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.WITH_BACKUP;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.archived;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.conditions;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.ready;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.stanza;
import static com.dalibo.pgbackrest.sidecar.status.ConditionsExample.verified;
import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.Stanza;
import org.junit.jupiter.api.Test;

/// What a verification has found, where the Stanza asks for one.
class VerifiedConditionTest {
  @Test
  void damageThatAVerificationFoundIsNotReady() throws Exception {
    var stanza =
        Stanza.parse(
            """
            {metadata: {name: main}, spec: {stanzaConfiguration: {name: main, verify: {every: 1h}}}}
            """);
    var conditions =
        conditions(stanza, archived(), verified("error", "1 missing of 9 files of backup b"));

    assertThat(ready(conditions).reason()).isEqualTo("VerifyFailed");
    assertThat(ready(conditions).message())
        .isEqualTo(
            "repository 1: 1 missing of 9 files of backup b; take a new full backup: backups that "
                + "build on damaged files cannot be restored");
    assertThat(verdict(conditions)).isEqualTo("False VerifyFailed");
    assertThat(verdict(conditions(stanza, archived(), verified("ok", "whole"))))
        .isEqualTo("True Verified");
    assertThat(verdict(conditions(stanza, archived(), WITH_BACKUP)))
        .isEqualTo("Unknown NotVerifiedYet");
  }

  @Test
  void withoutVerificationThereIsNoConditionOfIt() throws Exception {
    var stanza = stanza("{type: Verified, status: 'False', reason: VerifyFailed}");
    var conditions = conditions(stanza, archived(), verified("error", "damage"));

    assertThat(verdict(conditions)).isEmpty();
    assertThat(ready(conditions).reason()).isEqualTo("Ready");
  }

  private static String verdict(SidecarConditions conditions) {
    return conditions.conditions().stream()
        .filter(condition -> condition.type().equals("Verified"))
        .map(condition -> condition.status() + " " + condition.reason())
        .findFirst()
        .orElse("");
  }
}
