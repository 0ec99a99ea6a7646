package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumesTest {
  @TempDir Path root;
  private Volumes volumes;

  @BeforeEach
  void around() {
    volumes = Volumes.around(root.resolve("data/pgdata"));
  }

  @Test
  void theyLieWhereCnpgMountsThem() {
    var cnpg = Volumes.around(Path.of("/var/lib/postgresql/data/pgdata"));

    assertThat(cnpg.wal()).hasToString("/var/lib/postgresql/wal/pg_wal");
    assertThat(cnpg.tablespaceMap(List.of("hot")))
        .containsOnly(entry("hot", "/var/lib/postgresql/tablespaces/hot/data"));
  }

  @Test
  void whatAnEarlierTryLeftIsRemovedButNotTheDirectory() throws Exception {
    var leftOver = volumes.tablespace("hot").resolve("PG_18_202506291/5/16384");
    Files.createDirectories(leftOver.getParent());
    Files.writeString(leftOver, "x");

    assertThat(Volumes.empty(volumes.tablespace("hot"))).isTrue();
    assertThat(volumes.tablespace("hot")).isEmptyDirectory();
    assertThat(Volumes.empty(volumes.tablespace("hot"))).isFalse();
  }

  @Test
  void aDataDirectoryHoldsDataOnceSomethingIsInIt() throws Exception {
    assertThat(volumes.holdData()).isFalse();
    Files.createDirectories(volumes.pgData());
    assertThat(volumes.holdData()).isFalse();
    Files.createFile(volumes.pgData().resolve("PG_VERSION"));
    assertThat(volumes.holdData()).isTrue();
  }

  @Test
  void aVolumeThatIsThereTwiceIsCountedOnce() throws Exception {
    Files.createDirectories(volumes.tablespace("hot"));

    var free = volumes.freeBytes(List.of("hot", "cold"));

    assertThat(free).isPositive().isLessThanOrEqualTo(root.toFile().getTotalSpace());
  }

  @Test
  void aTablespaceThatTheWalCreatesGetsAnEmptyPrivateDirectoryWhereItsVolumeIs()
      throws IOException {
    var volumes = Volumes.around(root.resolve("data").resolve("pgdata"));
    assertThat(volumes.makeTablespace("late")).isFalse();

    Files.createDirectories(volumes.tablespace("late").resolve("PG_18_0").resolve("5"));

    assertThat(volumes.makeTablespace("late")).isTrue();
    assertThat(volumes.tablespace("late")).isEmptyDirectory();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(volumes.tablespace("late"))))
        .isEqualTo("rwx------");
  }
}
