package com.dalibo.pgbackrest.sidecar;

import java.time.Duration;
import java.util.concurrent.Callable;

/// Something that comes true by itself, on a slow machine too.
public final class Eventually {
  public static final Duration PATIENCE = Duration.ofMinutes(3);

  private Eventually() {}

  public static void until(String what, Callable<Boolean> condition) throws Exception {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within %d s: %s".formatted(PATIENCE.toSeconds(), what));
      }
      Thread.sleep(20);
    }
  }
}
