package com.dalibo.pgbackrest.sidecar.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
