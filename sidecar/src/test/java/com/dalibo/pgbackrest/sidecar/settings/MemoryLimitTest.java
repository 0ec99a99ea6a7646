package com.dalibo.pgbackrest.sidecar.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryLimitTest {
  @TempDir Path groups;

  @Test
  void isThatOfTheUnifiedHierarchy() throws IOException {
    Files.writeString(groups.resolve("memory.max"), "67108864\n");

    assertThat(MemoryLimit.in(groups).words()).contains("64Mi");
  }

  @Test
  void isNoneWhereTheUnifiedHierarchySaysMax() throws IOException {
    Files.writeString(groups.resolve("memory.max"), "max\n");

    assertThat(MemoryLimit.in(groups).words()).isEmpty();
  }

  @Test
  void isThatOfVersionOne() throws IOException {
    Files.createDirectory(groups.resolve("memory"));
    Files.writeString(groups.resolve("memory/memory.limit_in_bytes"), "134217728\n");

    assertThat(MemoryLimit.in(groups).words()).contains("128Mi");
  }

  @Test
  void isNoneWhereVersionOneHasTheLargestNumber() throws IOException {
    Files.createDirectory(groups.resolve("memory"));
    Files.writeString(groups.resolve("memory/memory.limit_in_bytes"), "9223372036854771712\n");

    assertThat(MemoryLimit.in(groups).words()).isEmpty();
  }

  @Test
  void isNoneWhereThereIsNoControlGroup() {
    assertThat(MemoryLimit.in(groups).words()).isEmpty();
  }

  @Test
  void isRaisedWhereABackupWasOOMKilled() {
    assertThat(new MemoryLimit(Optional.of(96L << 20)).remedy())
        .contains(
            "if it is OOMKilled, its memory limit of 96Mi is too low: raise"
                + " resourcesRequirement.limits.memory in the PluginConfig of the cluster, or create"
                + " one where a LimitRange gives the limit; 160Mi or more serves most clusters, and"
                + " one with many tables needs 50Mi more for each 100,000 files");
    assertThat(new MemoryLimit(Optional.empty()).remedy()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "64, 1", "111, 1", "112, 2", "128, 2", "192, 5", "256, 8", "4000000, 999"})
  void hasRoomForAProcessInEach24Mi(long mebibytes, int processes) {
    assertThat(new MemoryLimit(Optional.of(mebibytes << 20)).processes()).hasValue(processes);
  }

  @ParameterizedTest
  @CsvSource({"64, 1", "128, 1", "223, 1", "224, 2", "304, 3"})
  void hasRoomForAProcessOfABackupInEach80Mi(long mebibytes, int processes) {
    assertThat(new MemoryLimit(Optional.of(mebibytes << 20)).backupProcesses()).hasValue(processes);
  }

  @Test
  void hasRoomForAllWhereThereIsNone() {
    assertThat(new MemoryLimit(Optional.empty()).processes()).isEmpty();
  }
}
