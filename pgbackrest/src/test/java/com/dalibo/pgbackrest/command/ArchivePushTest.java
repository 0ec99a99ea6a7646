package com.dalibo.pgbackrest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.Captured;
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
