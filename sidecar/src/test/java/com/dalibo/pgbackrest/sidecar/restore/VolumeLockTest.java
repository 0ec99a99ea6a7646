package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeLockTest {
  @TempDir private Path root;

  @Test
  void oneAtATimeHoldsItAndNothingOfItStays() throws Exception {
    var pgData = root.resolve("data/pgdata");
    var file = root.resolve("data/pgbackrest-plugin.lock");
    try (var second = new VolumeLock(pgData)) {
      try (var first = new VolumeLock(pgData)) {
        first.hold();
        first.hold();

        assertThatThrownBy(second::hold)
            .isInstanceOf(UnavailableException.class)
            .hasMessage(
                "another pod restores or recovers '%s' now, probably one of the same Job that is still being deleted; nothing is restored until it has ended. If there is no such pod, remove '%s'"
                    .formatted(pgData, file));
      }
      second.hold();
    }
    assertThat(file).doesNotExist();
  }

  /// It does not keep a Cluster down for ever.
  @Test
  void aVolumeThatCannotBeLockedIsUsedWithout() throws Exception {
    Files.createDirectories(root.resolve("data/pgbackrest-plugin.lock"));
    try (var lock = new VolumeLock(root.resolve("data/pgdata"))) {
      lock.hold();
    }
  }
}
