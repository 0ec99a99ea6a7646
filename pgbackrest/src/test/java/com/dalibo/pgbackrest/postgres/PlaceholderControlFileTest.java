package com.dalibo.pgbackrest.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholderControlFileTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(ints = {14, 15, 16, 17, 18})
  void itSaysOfWhichClusterItIs(int major) throws IOException {
    PlaceholderControlFile.write(directory, major, 7_123_456_789_012_345_678L, 1 << 20);

    var control = ControlFile.read(directory);
    assertThat(control.majorVersion()).isEqualTo(major);
    assertThat(control.systemIdentifier()).isEqualTo(7_123_456_789_012_345_678L);
    assertThat(control.walSegmentSize()).isEqualTo(1 << 20);
    assertThat(control.state()).isEqualTo(ControlFile.State.SHUTDOWNED);
  }

  @Test
  void aReleaseOfWhichNothingIsKnownIsRefused() {
    assertThatThrownBy(() -> PlaceholderControlFile.write(directory, 13, 1, 1 << 20))
        .isInstanceOf(IOException.class)
        .hasMessage("the WAL of PostgreSQL 13 cannot be read here; versions 14 to 18 are known");
  }
}
