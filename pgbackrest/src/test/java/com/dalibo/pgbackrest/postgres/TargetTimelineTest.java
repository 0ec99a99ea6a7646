package com.dalibo.pgbackrest.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TargetTimelineTest {

  @Test
  void itIsReadAsPostgreSqlReadsIt() {
    assertThat(TargetTimeline.parse("latest")).isEqualTo(new TargetTimeline.Latest());
    assertThat(TargetTimeline.parse("")).isEqualTo(new TargetTimeline.Latest());
    assertThat(TargetTimeline.parse("current")).isEqualTo(new TargetTimeline.Current());
    assertThat(TargetTimeline.parse("3")).isEqualTo(new TargetTimeline.Numbered(3));
    for (var ten : List.of("10", "0xA", "0Xa", "012")) {
      assertThat(TargetTimeline.parse(ten)).isEqualTo(new TargetTimeline.Numbered(10));
    }
  }

  @Test
  void otherTextIsRefused() {
    for (var text : List.of("newest", "08", "0x", "-1")) {
      assertThatThrownBy(() -> TargetTimeline.parse(text))
          .hasMessage("'%s' is not a timeline; write 'latest', 'current' or a number", text);
    }
  }
}
