package com.dalibo.pgbackrest.sidecar.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WalProcessesTest {
  @ParameterizedTest
  @CsvSource({"1, -, 2", "2, -, 2", "64, -, 4", "8, 128, 2", "8, 96, 1", "8, 64, 1"})
  void areAFewAndOneWhereMemoryHasRoomForOne(int cpus, String limit, int processes) {
    assertThat(within(limit, cpus).most()).isEqualTo(processes);
  }

  @ParameterizedTest
  @CsvSource({"8, -, 4", "8, 128, 1", "8, 160, 1", "8, 192, 2", "8, 224, 1", "8, 64, 1"})
  void areNoMoreThanABackupLeavesRoomFor(int cpus, String limit, int processes) {
    var wal = within(limit, cpus);

    try (var _ = wal.besideBackup()) {
      assertThat(wal.most()).isEqualTo(processes);
    }

    assertThat(wal.most()).isEqualTo(within(limit, cpus).most());
  }

  private static WalProcesses within(String limit, int cpus) {
    var bytes = limit.equals("-") ? Optional.<Long>empty() : Optional.of(Long.valueOf(limit) << 20);
    return WalProcesses.within(new MemoryLimit(bytes), cpus);
  }
}
