package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.nio.file.Path;
import java.time.Duration;

/// A volume with a data directory, the lock of the volume, and the pods that want it.
///
/// @param root of all pods
record LockedVolume(Path root) {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  static final Duration RETURN = Duration.ofSeconds(2);

  Path pgData() {
    return root.resolve("data/pgdata");
  }

  Path file() {
    return root.resolve("data/pgbackrest-plugin.lock");
  }

  /// @param work where it keeps what lives as long as it
  VolumeLock pod(String work) {
    return pod(work, VolumeLock::lock);
  }

  /// @param locking what the kernel answers
  VolumeLock pod(String work, VolumeLock.Locking locking) {
    return pod(work, locking, LIMIT);
  }

  /// @param limit in which the kernel has to answer
  VolumeLock pod(String work, VolumeLock.Locking locking, Duration limit) {
    return new VolumeLock(pgData(), root.resolve(work), locking, limit, RETURN);
  }

  void assertIsRefused(VolumeLock lock) {
    assertThatThrownBy(lock::hold)
        .isInstanceOf(UnavailableException.class)
        .hasMessage(
            "another pod restores or recovers '%s' now, probably one of the same Job that is still being deleted; nothing is restored until it has ended. If there is no such pod, remove '%s'"
                .formatted(pgData(), file()));
  }

  void assertIsToldToWait(VolumeLock lock) {
    assertThatThrownBy(lock::hold)
        .isInstanceOf(UnavailableException.class)
        .hasMessage(
            "the sidecar of another pod that restored or recovered '%s' was killed, and its PostgreSQL may still run; nothing is restored unless it does not return within 2 seconds"
                .formatted(pgData()));
  }
}
