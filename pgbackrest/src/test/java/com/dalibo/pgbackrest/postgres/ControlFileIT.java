package com.dalibo.pgbackrest.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.PostgresPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlFileIT {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {14, 15, 16, 17, 18})
  void theControlFileOfEverySupportedVersionIsRead(int majorVersion) throws Exception {
    var data = folder.resolve("data");
    PostgresPrograms.of(majorVersion).initdb(data);

    var control = ControlFile.read(data);

    assertThat(control.majorVersion()).isEqualTo(majorVersion);
    assertThat(control.walSegmentSize()).isEqualTo(16 << 20);
    assertThat(control.timeline()).isEqualTo(1);
    assertThat(control.state()).isEqualTo(ControlFile.State.SHUTDOWNED);
    assertThat(control.systemIdentifier()).isPositive();
    assertThat(control.checkpoint()).isGreaterThan(Lsn.parse("0/1000000"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64})
  void theSizeOfSegmentsIsTheClustersOwn(int megabytes) throws Exception {
    var data = folder.resolve("data");
    PostgresPrograms.of(18).initdb(data, "--wal-segsize=" + megabytes);

    assertThat(ControlFile.read(data).walSegmentSize()).isEqualTo(megabytes << 20);
  }

  @Test
  void anotherFileIsRefused() throws IOException {
    Files.createDirectories(folder.resolve("global"));
    Files.write(folder.resolve("global/pg_control"), new byte[8192]);

    assertThatThrownBy(() -> ControlFile.read(folder))
        .hasMessage(
            "'%s' is not a control file of PostgreSQL 14 or newer"
                .formatted(folder.resolve("global/pg_control")));
  }
}
