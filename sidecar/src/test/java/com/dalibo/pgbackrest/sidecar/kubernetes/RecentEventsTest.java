package com.dalibo.pgbackrest.sidecar.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.reason.BackupReason;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecentEventsTest {
  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

  private final RecentEvents recent = new RecentEvents(Duration.ofMinutes(10));

  @Test
  void theSameIsNewsAgainAfterAWhile() {
    assertThat(recent.isNews(StanzaReason.ARCHIVING_FAILS, "why", NOW)).isTrue();
    assertThat(recent.isNews(StanzaReason.ARCHIVING_FAILS, "why", NOW.plusSeconds(600))).isFalse();
    assertThat(recent.isNews(StanzaReason.ARCHIVING_FAILS, "another", NOW.plusSeconds(600)))
        .isTrue();
    assertThat(recent.isNews(StanzaReason.ARCHIVING_FAILS, "why", NOW.plusSeconds(601))).isTrue();
  }

  @Test
  void tooMuchForOneReasonHidesNoOther() {
    for (var n = 0; n < 30; n++) {
      assertThat(recent.isNews(RestoreReason.RECOVERY_WAITS, "trouble " + n, NOW)).isTrue();
    }

    assertThat(recent.isNews(RestoreReason.RECOVERY_WAITS, "more", NOW)).isFalse();
    assertThat(recent.isNews(BackupReason.BACKUP_FAILED, "why", NOW)).isTrue();
    assertThat(recent.isNews(RestoreReason.RECOVERY_WAITS, "more", NOW.plusSeconds(601))).isTrue();
  }
}
