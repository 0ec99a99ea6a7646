package com.dalibo.pgbackrest.sidecar;

import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.Callable;

/// Something that comes true by itself, on a slow machine too.
public final class Eventually {
  public static final Duration PATIENCE = Duration.ofMinutes(3);

  private Eventually() {}

  /// Waits for a condition, which is not true yet where it asks for a file that is not there.
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isTrue(condition)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within %d s: %s".formatted(PATIENCE.toSeconds(), what));
      }
      Thread.sleep(20);
    }
  }

  private static boolean isTrue(Callable<Boolean> condition) throws Exception {
    try {
      return condition.call();
    } catch (NoSuchFileException _) {
      return false;
    }
  }
}
