package com.dalibo.pgbackrest.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The page about the status says what the Job of an inspection is like.
class SidecarJobTest {
  private static final Path PAGE = Path.of("../docs/reference/status.md");

  @Test
  void thePageHasTheResourcesOfAnInspection() throws IOException {
    assertThat(Files.readString(PAGE))
        .contains(
            "requests of %s CPU and %s, limits of %s CPU and %s,"
                .formatted(
                    RestrictedJob.CPU_REQUEST,
                    SidecarJob.MEMORY_REQUEST,
                    RestrictedJob.CPU_LIMIT,
                    RestrictedJob.MEMORY_LIMIT));
  }

  @Test
  void thePageSaysHowLongAnInspectionIsThere() throws IOException {
    assertThat(SidecarJob.DEADLINE).hasMinutes(10);
    assertThat(SidecarJob.READABLE).hasMinutes(10);
    assertThat(Files.readString(PAGE))
        .contains(
            "It ends after ten minutes at the latest and is removed ten minutes after its end");
  }
}
