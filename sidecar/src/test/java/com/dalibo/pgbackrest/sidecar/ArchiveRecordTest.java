package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ArchiveRecordTest {

  @Test
  void successesFailuresAndLossesAreCountedApart() {
    var archive = new ArchiveRecord();

    archive.archived(Instant.EPOCH);
    archive.failed(Instant.EPOCH.plusSeconds(1), "repository 2 is down");
    archive.dropped();

    var counts = archive.counts();
    assertThat(counts.archived()).isEqualTo(1);
    assertThat(counts.failed()).isEqualTo(1);
    assertThat(counts.dropped()).isEqualTo(1);
    assertThat(counts.lastArchived()).contains(Instant.EPOCH);
    assertThat(counts.lastFailure()).contains(Instant.EPOCH.plusSeconds(1));
    assertThat(counts.lastFailureMessage()).contains("repository 2 is down");
  }
}
