package com.dalibo.pgbackrest.sidecar.walarchive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ArchivingStatisticsTest {

  @Test
  void successesFailuresAndLossesAreCountedApart() {
    var archive = new ArchivingStatistics();

    archive.archived(Instant.EPOCH, Instant.EPOCH.minusSeconds(3));
    archive.failed(Instant.EPOCH.plusSeconds(1), "repository 2 is down");
    archive.dropped(Instant.EPOCH.plusSeconds(2));

    var counts = archive.counts();
    assertThat(counts.archived()).isEqualTo(1);
    assertThat(counts.failed()).isEqualTo(1);
    assertThat(counts.dropped()).isEqualTo(1);
    assertThat(counts.lastArchived()).contains(Instant.EPOCH);
    assertThat(counts.lastFailure()).contains(Instant.EPOCH.plusSeconds(1));
    assertThat(counts.lastFailureMessage()).contains("repository 2 is down");
    assertThat(counts.lastDropped()).contains(Instant.EPOCH.plusSeconds(2));
    assertThat(counts.archivedUntil()).contains(Instant.EPOCH.minusSeconds(3));
    assertThat(counts.outcome()).isEqualTo(ArchivingStatistics.Outcome.DROPPED);
  }

  @Test
  void onlyATurnIsTold() {
    var archive = new ArchivingStatistics();
    var turns = new AtomicInteger();
    archive.onTurn(turns::incrementAndGet);

    archive.archived(Instant.EPOCH, Instant.EPOCH);
    archive.archived(Instant.EPOCH, Instant.EPOCH);
    archive.failed(Instant.EPOCH, "down");
    archive.failed(Instant.EPOCH, "still down");
    archive.archived(Instant.EPOCH, Instant.EPOCH);

    assertThat(turns).hasValue(3);
  }
}
