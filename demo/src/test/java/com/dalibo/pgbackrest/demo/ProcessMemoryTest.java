package com.dalibo.pgbackrest.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
  @Test
  void megabytesAreReadFromTheKernelsKibibytes() {
    assertThat(ProcessMemory.parse("VmHWM:\t  99 kB\nVmRSS:\t   62500 kB\nRssAnon:\t  1000 kB\n"))
        .isEqualTo(new ProcessMemory(64, 1.024));
  }

  @Test
  void aRunningProcessHoldsMemory() {
    assertThat(ProcessMemory.of(ProcessHandle.current().pid()).resident()).isPositive();
  }
}
