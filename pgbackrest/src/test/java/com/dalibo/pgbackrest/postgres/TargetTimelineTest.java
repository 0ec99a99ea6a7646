package com.dalibo.pgbackrest.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TargetTimelineTest {

  @Test
  void itIsReadAsPostgreSqlReadsIt() {
    assertThat(TargetTimeline.parse("latest")).isEqualTo(new TargetTimeline.Latest());
    assertThat(TargetTimeline.parse("")).isEqualTo(new TargetTimeline.Latest());
    assertThat(TargetTimeline.parse("current")).isEqualTo(new TargetTimeline.Current());
    assertThat(TargetTimeline.parse("3")).isEqualTo(new TargetTimeline.Numbered(3));
    assertThat(TargetTimeline.parse("0xA")).isEqualTo(new TargetTimeline.Numbered(10));
  }

  @Test
  void otherTextIsRefused() {
    assertThatThrownBy(() -> TargetTimeline.parse("newest"))
        .hasMessage("'newest' is not a timeline; write 'latest', 'current' or a number");
  }
}
