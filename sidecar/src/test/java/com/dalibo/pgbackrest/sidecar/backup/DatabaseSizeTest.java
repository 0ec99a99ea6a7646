package com.dalibo.pgbackrest.sidecar.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseSizeTest {
  @TempDir private Path directory;

  @Test
  void tablespacesCountAndWalDoesNot() throws IOException {
    var pgData = directory.resolve("pgdata");
    file(pgData.resolve("base/5/1259"), 100);
    file(pgData.resolve("pg_wal/000000010000000000000001"), 1000);
    file(directory.resolve("tablespace/PG_18/5/16400"), 20);
    Files.createDirectories(pgData.resolve("pg_tblspc"));
    Files.createSymbolicLink(pgData.resolve("pg_tblspc/16399"), directory.resolve("tablespace"));

    assertThat(DatabaseSize.of(pgData)).isEqualTo(new DatabaseSize(120, 2));
  }

  @Test
  void walOnAVolumeOfItsOwnDoesNotCountEither() throws IOException {
    var pgData = directory.resolve("pgdata");
    file(pgData.resolve("PG_VERSION"), 3);
    file(directory.resolve("wal/000000010000000000000001"), 1000);
    Files.createSymbolicLink(pgData.resolve("pg_wal"), directory.resolve("wal"));

    assertThat(DatabaseSize.of(pgData)).isEqualTo(new DatabaseSize(3, 1));
  }

  @Test
  void whatIsGoneOrLeadsNowhereIsPassedOver() throws IOException {
    var pgData = directory.resolve("pgdata");
    file(pgData.resolve("PG_VERSION"), 3);
    Files.createSymbolicLink(pgData.resolve("nowhere"), directory.resolve("none"));
    Files.createSymbolicLink(pgData.resolve("itself"), pgData);

    assertThat(DatabaseSize.of(pgData)).isEqualTo(new DatabaseSize(3, 1));
    assertThat(DatabaseSize.of(directory.resolve("none"))).isEqualTo(new DatabaseSize(0, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1000, 1, 80Mi",
    "4, 1000, 1, 112Mi",
    "8, 1000, 1, 144Mi",
    "900, 1000, 1, 144Mi",
    "8, 1000, 2, 160Mi",
    "900, 1000, 2, 224Mi",
    "900, 99999, 1, 144Mi",
    "900, 100000, 1, 194Mi",
    "0, 1000000, 1, 580Mi"
  })
  void aBackupNeedsMoreOfALargeDatabaseAndOfManyFiles(
      long gibibytes, long files, int processes, String needed) {
    assertThat(new DatabaseSize(gibibytes << 30, files).needed(processes).words()).contains(needed);
  }

  private static void file(Path path, int bytes) throws IOException {
    Files.createDirectories(path.getParent());
    Files.write(path, new byte[bytes]);
  }
}
