package com.dalibo.pgbackrest.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArchivePushTest {

  @Test
  void aDroppedFileIsNoQuietSuccess() {
    assertThat(ArchivePush.of(Captured.output(0, Captured.DROPPED)).dropped()).isTrue();
  }

  @Test
  void aSuccessWithoutAWordDroppedNothing() {
    assertThat(ArchivePush.of(Captured.output(0, "")).dropped()).isFalse();
  }
}
