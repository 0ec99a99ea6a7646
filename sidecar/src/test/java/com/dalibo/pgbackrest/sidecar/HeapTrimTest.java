package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapTrimTest {
  private long size = 20L << 20;
  private long live = 6L << 20;
  private int collections;
  private final HeapTrim trim =
      new HeapTrim(
          () -> size,
          () -> {
            collections++;
            size = live;
          });

  @Test
  void whatTheStartLeftBehindIsGivenBack() {
    trim.check();

    assertThat(size).isEqualTo(live);
  }

  @Test
  void aHeapThatHasHardlyGrownIsLeftAlone() {
    trim.check();
    size = live + HeapTrim.GROWTH;
    trim.check();

    assertThat(collections).isEqualTo(1);
  }

  @Test
  void aHeapThatHasGrownIsCollected() {
    trim.check();
    size = live + HeapTrim.GROWTH + 1;
    trim.check();

    assertThat(collections).isEqualTo(2);
    assertThat(size).isEqualTo(live);
  }

  @Test
  void whatIsInUseIsNotCollectedAgainAndAgain() {
    trim.check();
    live = 30L << 20;
    size = 40L << 20;
    trim.check();
    trim.check();

    assertThat(collections).isEqualTo(2);
  }
}
