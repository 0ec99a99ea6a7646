package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodBootstrapTest {
  @TempDir private Path pgData;

  @BeforeEach
  void begin() throws IOException {
    Files.createDirectories(pgData.resolve("global"));
    Files.createFile(pgData.resolve("global/pg_control"));
    Files.writeString(
        pgData.resolve("postgresql.auto.conf"), AutoConf.withoutTargetTime("work_mem = '7MB'\n"));
    RecoveryRecord.of(new RecoveryRecord.Aim("uid-1", "main", "20261128-072259F", "way", "target"))
        .write(pgData);
  }

  @Test
  void anInstanceHasNone() throws Exception {
    PodBootstrap.forgetRecovery(pgData);

    assertThat(pgData.resolve("postgresql.auto.conf")).hasContent("work_mem = '7MB'\n");
    assertThat(RecoveryRecord.isIn(pgData)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"recovery.signal", "backup_label"})
  void whatIsNotOverStaysAsItIs(String file) throws Exception {
    Files.createFile(pgData.resolve(file));
    var settings = Files.readString(pgData.resolve("postgresql.auto.conf"));

    PodBootstrap.forgetRecovery(pgData);

    assertThat(pgData.resolve("postgresql.auto.conf")).hasContent(settings);
    assertThat(RecoveryRecord.isIn(pgData)).isTrue();
  }
}
