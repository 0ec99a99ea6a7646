package com.dalibo.pgbackrest.cnpgi;

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

  /// Such as the catalogue of a large repository, read when the heap was looked at.
  @Test
  void whatWasInUseIsGivenBackAWhileAfterIt() {
    trim.check();
    live = 30L << 20;
    size = 40L << 20;
    trim.check();
    live = 6L << 20;
    looks(HeapTrim.LOOKS - 1);
    assertThat(size).isEqualTo(30L << 20);

    looks(1);

    assertThat(size).isEqualTo(live);
  }

  @Test
  void whatStaysInUseIsCollectedRarely() {
    trim.check();
    live = 30L << 20;
    size = 40L << 20;
    looks(1 + 3 * HeapTrim.LOOKS);

    assertThat(collections).isEqualTo(2 + 3);
  }

  @Test
  void aHeapAsSmallAsEverIsNeverCollected() {
    looks(10 * HeapTrim.LOOKS);

    assertThat(collections).isEqualTo(1);
  }

  private void looks(int count) {
    for (var look = 0; look < count; look++) {
      trim.check();
    }
  }
}
