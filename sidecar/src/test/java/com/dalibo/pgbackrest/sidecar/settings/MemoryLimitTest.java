package com.dalibo.pgbackrest.sidecar.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.GeneratedPage;
import com.dalibo.pgbackrest.stanza.api.SidecarMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  @Test
  void thePageHasTheProcessesThatLimitsHaveRoomFor() throws IOException {
    var limits = List.of(64L, 128L, 160L, 256L, 512L);
    var table =
        row("memory limit", limits.stream().map(mebibytes -> mebibytes + "Mi"), "none")
            + "|---".repeat(limits.size() + 2)
            + "|\n"
            + row(
                "processes of a backup at most, " + formula(SidecarMemory.BACKUP_PROCESS),
                limits.stream().map(mebibytes -> of(mebibytes).backupProcesses().getAsInt()),
                "no bound")
            + row(
                "processes of a restore, and those that push or fetch WAL, at most, "
                    + formula(SidecarMemory.PROCESS),
                limits.stream().map(mebibytes -> of(mebibytes).processes().getAsInt()),
                "no bound");
    new GeneratedPage(Path.of("../docs/how-to/namespaces.md"))
        .matchesPart("MemoryLimitTest", "processes", table);
  }

  private static MemoryLimit of(long mebibytes) {
    return new MemoryLimit(Optional.of(mebibytes << 20));
  }

  private static String formula(String process) {
    return "`(limit - %s) / %s`".formatted(SidecarMemory.LEAST, process);
  }

  private static String row(String name, Stream<?> cells, String last) {
    return cells
        .map(Object::toString)
        .collect(Collectors.joining(" | ", "| " + name + " | ", " | " + last + " |\n"));
  }

  @Test
  void thePagesHaveTheFiguresOfTheCode() throws IOException {
    assertThat(page("how-to/namespaces.md"))
        .contains("With a memory limit below " + SidecarMemory.LEAST)
        .contains("With less than " + SidecarMemory.ENOUGH)
        .contains(SidecarMemory.HUNDRED_THOUSAND_FILES + " more for each 100,000 files");
    assertThat(page("explanation/limits.md"))
        .contains("A memory limit of " + SidecarMemory.LEAST)
        .contains(SidecarMemory.ENOUGH + " or more");
    assertThat(page("explanation/benchmarks.md"))
        .contains(
            "reckons %sB for each process of a backup"
                .formatted(SidecarMemory.BACKUP_PROCESS.replace("Mi", " Mi")));
  }

  private static String page(String name) throws IOException {
    return Files.readString(Path.of("../docs").resolve(name));
  }
}
