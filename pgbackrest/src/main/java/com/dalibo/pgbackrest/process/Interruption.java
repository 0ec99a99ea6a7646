package com.dalibo.pgbackrest.process;

import java.time.Duration;

/// The end of a thread that another thread wants to end.
public final class Interruption {
  private Interruption() {}

  /// Interrupts a thread and waits until it has ended. An interrupt of the caller does not prevent
  /// that the thread is interrupted, and is kept for the caller.
  ///
  /// @param limit how long it is waited for
  public static void end(Thread thread, Duration limit) {
    thread.interrupt();
    var interrupted = Thread.interrupted();
    try {
      thread.join(limit);
    } catch (InterruptedException _) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
