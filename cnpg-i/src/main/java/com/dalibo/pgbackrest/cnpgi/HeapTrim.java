package com.dalibo.pgbackrest.cnpgi;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Gives memory back to the kernel that the Java heap took and no longer uses.
///
/// The serial collector enlarges the heap as objects grow old, and reduces it only in a full
/// collection, which does not come before the heap has reached its largest size. What the memory
/// limit of the container leaves to others would depend on what the program did hours ago.
public final class HeapTrim {
  /// By how many bytes the heap may be larger than after the last full collection.
  static final long GROWTH = 4L << 20;

  /// After so many looks a heap is collected again that was in use when it was collected, so that
  /// one which stays in use costs next to nothing.
  static final int LOOKS = 60;

  private final LongSupplier size;
  private final Runnable collection;
  private long settled;
  private long least = Long.MAX_VALUE;
  private int looks;

  /// @param size of the heap, in bytes
  /// @param collection a full one
  HeapTrim(LongSupplier size, Runnable collection) {
    this.size = size;
    this.collection = collection;
  }

  /// Looks at the heap as long as this program runs.
  ///
  /// @param interval between two looks, and so the shortest between two collections
  public static void start(Duration interval) {
    var trim = new HeapTrim(Runtime.getRuntime()::totalMemory, System::gc);
    Thread.ofVirtual().name("heap-trim").start(() -> trim.run(interval));
  }

  private void run(Duration interval) {
    try {
      while (true) {
        Thread.sleep(interval);
        check();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  void check() {
    looks++;
    if (size.getAsLong() > settled + GROWTH || (looks >= LOOKS && settled - GROWTH > least)) {
      collection.run();
      settled = size.getAsLong();
      least = Math.min(least, settled);
      looks = 0;
    }
  }
}
