package com.dalibo.pgbackrest.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TimesTest {
  @Test
  void quantilesDoNotDependOnTheOrder() {
    Times times = new Times(List.of(5.0, 1.0, 4.0, 2.0, 3.0));

    assertThat(times.median()).isEqualTo(3.0);
    assertThat(times.p90()).isEqualTo(5.0);
  }
}
