package com.dalibo.pgbackrest.testbed.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresIT {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {14, 15, 16, 17, 18})
  void everySupportedVersionAnswersAndArchives(int majorVersion) {
    try (Postgres postgres =
        Postgres.initdb(majorVersion, directory.resolve("data"), "--wal-segsize=1")) {
      postgres.set("archive_mode", "on").set("archive_command", "cp %p " + directory + "/%f");
      postgres.start();

      String segment = postgres.switchWal();

      postgres.waitForArchived(segment, Duration.ofSeconds(30));
      assertThat(directory.resolve(segment)).exists().hasSize(1 << 20);
      assertThat(postgres.value("show server_version")).startsWith("" + majorVersion);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void aStandbyFollowsAndCanBePromoted(int majorVersion) {
    try (Postgres primary = Postgres.initdb(majorVersion, directory.resolve("data")).start()) {
      primary.execute("create table t as select 1 as n");
      try (Postgres standby = primary.standby(directory.resolve("standby")).start()) {
        assertThat(standby.isInRecovery()).isTrue();

        primary.stop();
        standby.promote();

        standby.waitForPromotion(Duration.ofSeconds(30));
        assertThat(standby.value("select n from t")).isEqualTo("1");
      }
    }
  }

  @Test
  void aKilledServerRecoversWhatWasCommitted() {
    try (Postgres postgres = Postgres.initdb(18, directory.resolve("data")).start()) {
      postgres.execute("create table t as select 1 as n");

      postgres.kill();

      assertThat(postgres.isRunning()).isFalse();
      assertThat(postgres.start().value("select n from t")).isEqualTo("1");
    }
  }

  @Test
  void aServerThatCannotStartSaysWhy() {
    try (Postgres postgres = Postgres.initdb(18, directory.resolve("data"))) {
      postgres.set("wal_level", "nonsense");

      assertThatThrownBy(postgres::start)
          .hasMessageContaining("invalid value for parameter \"wal_level\": \"nonsense\"");
    }
  }
}
