package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.nio.file.Path;

/// The process of a sidecar, as far as it holds the lock of a volume.
final class LockedProcess {
  private LockedProcess() {}

  /// Says whether it holds the lock, and keeps it until it is ended.
  public static void main(String... arguments) throws InterruptedException {
    var lock = new VolumeLock(Path.of(arguments[0]), Path.of(arguments[1]));
    Runtime.getRuntime().addShutdownHook(new Thread(lock::close));
    try {
      lock.holdAgain();
      lock.hold();
    } catch (UnavailableException _) {
      System.out.println("refused");
      return;
    }
    System.out.println("held");
    Thread.sleep(Long.MAX_VALUE);
  }
}
