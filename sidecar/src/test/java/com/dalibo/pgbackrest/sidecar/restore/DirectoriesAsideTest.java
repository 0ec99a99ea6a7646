package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What earlier tries left beside the data directory, killed at one line or another.
class DirectoriesAsideTest {
  @TempDir private Path root;
  private Volumes volumes;
  private DirectoriesAside aside;

  @BeforeEach
  void begin() throws IOException {
    volumes = Volumes.around(root.resolve("data/pgdata"));
    aside = new DirectoriesAside(volumes);
    Files.createDirectories(root.resolve("data"));
  }

  @Test
  void theNewestTryThatWasNotOverIsTheLast() throws Exception {
    var first = directory("pgdata_20261128T100000Z", "uid-1", "recovery.signal");
    var second = directory("pgdata_20261128T110000Z", "uid-1", "backup_label");
    Files.createDirectories(root.resolve("data/pgdata_20261128T120000Z/base"));

    assertThat(aside.lastTry()).map(EarlierTry::directory).contains(second);

    aside.disownAllBut(Optional.of(second));

    assertThat(RecoveryRecord.isIn(first)).isFalse();
    assertThat(RecoveryRecord.isIn(second)).isTrue();
    aside.disownAllBut(Optional.empty());
    assertThat(aside.lastTry()).isEmpty();
  }

  @Test
  void oneWhoseRecoveryWasOverIsLeftAsItIs() throws Exception {
    var over = directory("pgdata_20261128T100000Z", "uid-1");
    var unfinished = directory("pgdata_20261128T090000Z", "uid-1", "recovery.signal");

    assertThat(aside.lastTry()).map(EarlierTry::directory).contains(unfinished);
    assertThat(aside.complete()).containsExactly(over);
    aside.requireNoInstance();
    aside.disownAllBut(Optional.empty());
    assertThat(aside.lastTry()).isEmpty();
    assertThat(RecoveryRecord.isIn(over)).isTrue();

    // An instance ran on it.
    RecoveryRecord.remove(over);
    assertThat(aside.lastTry()).isEmpty();
    assertThat(aside.complete()).containsExactly(over);
    assertThatThrownBy(aside::requireNoInstance)
        .hasMessageContaining(
            "'%s' is a data directory whose recovery is complete".formatted(over));
  }

  @Test
  void itIsPutBackWithItsWal() throws Exception {
    var left = withWalVolume("pgdata_1");
    Files.createFile(left.resolve("postmaster.pid"));
    var wal = Files.createDirectories(root.resolve("wal/pg_wal_1"));
    Files.writeString(wal.resolve("000000010000000000000002"), "x");

    aside.lastTry().orElseThrow().putBack();

    assertThat(volumes.pgData().resolve("pg_wal/000000010000000000000002")).exists();
    assertThat(volumes.pgData().resolve("postmaster.pid")).doesNotExist();
    assertThat(RecoveryRecord.read(volumes.pgData()).orElseThrow().tries().continued())
        .isEqualTo(1);
    assertThat(root.resolve("data/pgdata_1")).doesNotExist();
    assertThat(root.resolve("wal/pg_wal_1")).doesNotExist();
  }

  /// CNPG has moved that WAL aside by itself since, under another name.
  @Test
  void oneThatWasHalfPutBackHasAnEmptyWalDirectory() throws Exception {
    withWalVolume("pgdata_1");
    Files.createDirectories(root.resolve("wal/pg_wal_2"));

    aside.lastTry().orElseThrow().putBack();

    assertThat(volumes.pgData().resolve("pg_wal")).isSymbolicLink().isEmptyDirectory();
  }

  @Test
  void theNextCopyGetsItWithoutItsRecordAndItsWal() throws Exception {
    withWalVolume("pgdata_1");
    Files.createDirectories(root.resolve("wal/pg_wal_1"));
    Files.createDirectories(volumes.copy().resolve("base"));

    aside.lastTry().orElseThrow().becomeCopy();

    assertThat(volumes.copy().resolve("global/pg_control")).exists();
    assertThat(volumes.copy().resolve("base")).doesNotExist();
    assertThat(RecoveryRecord.isIn(volumes.copy())).isFalse();
    assertThat(root.resolve("wal/pg_wal_1")).doesNotExist();
  }

  private Path withWalVolume(String name) throws IOException {
    var directory = directory(name, "uid-1", "recovery.signal");
    Files.createDirectories(root.resolve("wal"));
    Files.createSymbolicLink(directory.resolve("pg_wal"), volumes.wal());
    return directory;
  }

  private Path directory(String name, String uid, String... files) throws IOException {
    var directory = root.resolve("data").resolve(name);
    Files.createDirectories(directory.resolve("global"));
    Files.createFile(directory.resolve("global/pg_control"));
    for (var file : files) {
      Files.createFile(directory.resolve(file));
    }
    RecoveryRecord.of(new RecoveryRecord.Aim(uid, "main", "20261128-072259F", "way", "target"))
        .write(directory);
    return directory;
  }
}
