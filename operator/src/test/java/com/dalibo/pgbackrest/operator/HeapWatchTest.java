package com.dalibo.pgbackrest.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.MemoryUsage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeapWatchTest {
  private final LinkedBlockingQueue<MemoryUsage> reports = new LinkedBlockingQueue<>();

  @Test
  void whatACollectionLeavesAboveTheBoundIsReported() throws InterruptedException {
    new HeapWatch(1e-9, reports::add).start();

    System.gc();

    var used = reports.poll(30, TimeUnit.SECONDS);
    assertThat(used).isNotNull();
    assertThat(used.getUsed()).isPositive().isLessThan(used.getMax());
  }
}
