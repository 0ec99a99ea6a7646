package com.dalibo.pgbackrest.sidecar.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WalProcessesTest {
  @ParameterizedTest
  @CsvSource({"1, -, 2", "2, -, 2", "64, -, 4", "8, 128, 2", "8, 96, 1", "8, 64, 1"})
  void areAFewAndOneWhereMemoryHasRoomForOne(int cpus, String limit, int processes) {
    assertThat(within(limit, cpus).most()).isEqualTo(processes);
  }

  @ParameterizedTest
  @CsvSource({
    "-, 1, 4",
    "128, 1, 1",
    "160, 1, 1",
    "192, 1, 2",
    "224, 2, 1",
    "64, 1, 1",
    "256, 1, 4",
    "1024, 1, 4",
    "1024, 12, 1",
    "64, 999, 1"
  })
  void areNoMoreThanABackupLeavesRoomFor(String limit, int ofBackup, int processes) {
    var wal = within(limit, 8);

    try (var _ = wal.besideBackup(ofBackup)) {
      assertThat(wal.most()).isEqualTo(processes);
    }

    assertThat(wal.most()).isEqualTo(within(limit, 8).most());
  }

  @Test
  void areThoseOfTwoBackupsUntilBothHaveEnded() {
    var wal = within("304", 8);
    try (var first = wal.besideBackup(1)) {
      try (var _ = wal.besideBackup(2)) {
        assertThat(wal.most()).isEqualTo(1);
      }
      assertThat(wal.most()).isEqualTo(4);
      assertThat(first).isNotNull();
    }
  }

  /// Kubernetes resizes a container that runs.
  @Test
  void followALimitThatIsChanged() {
    var limit = new AtomicLong(64);
    var wal = new WalProcesses(() -> new MemoryLimit(Optional.of(limit.get() << 20)), 8);
    assertThat(wal.most()).isEqualTo(1);

    limit.set(256);

    assertThat(wal.most()).isEqualTo(4);
  }

  private static WalProcesses within(String limit, int cpus) {
    var bytes = limit.equals("-") ? Optional.<Long>empty() : Optional.of(Long.valueOf(limit) << 20);
    return new WalProcesses(() -> new MemoryLimit(bytes), cpus);
  }
}
