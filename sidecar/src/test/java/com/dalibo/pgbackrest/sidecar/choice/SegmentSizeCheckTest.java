package com.dalibo.pgbackrest.sidecar.choice;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.postgres.Lsn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SegmentSizeCheckTest {
  private static final BackupInfo OF_64_MB =
      new BackupInfo(
          "20261128-101333F",
          BackupType.FULL,
          1,
          1,
          null,
          List.of(),
          "000000010000000000000005",
          "000000010000000000000005",
          Lsn.parse("0/14000028"),
          Lsn.parse("0/14000120"),
          Instant.EPOCH,
          Instant.EPOCH,
          1,
          1,
          OptionalLong.empty(),
          OptionalLong.empty(),
          false,
          Map.of());

  @Test
  void limitsOfTheWalThatAreTooSmallForTheSegmentsAreRefusedWithTheValueToWrite() {
    assertThatThrownBy(
            () -> SegmentSizeCheck.require(cluster(""), OF_64_MB, OF_64_MB.segmentSize()))
        .hasMessage(
            "backup '20261128-101333F' has WAL segments of 64 MB, with which PostgreSQL starts only where min_wal_size is at"
                + " least 128MB, and cluster 'new' has 80MB by default: set min_wal_size: 128MB in spec.postgresql.parameters");
    assertThatThrownBy(
            () ->
                SegmentSizeCheck.require(
                    cluster("\"min_wal_size\": \"100MB\""), OF_64_MB, OF_64_MB.segmentSize()))
        .hasMessageContaining("cluster 'new' has 100MB: set min_wal_size: 128MB");
    assertThatThrownBy(
            () ->
                SegmentSizeCheck.require(
                    cluster("\"max_wal_size\": \"100MB\""), OF_64_MB, OF_64_MB.segmentSize()))
        .hasMessageContaining("cluster 'new' has 100MB: set max_wal_size: 128MB");
  }

  @Test
  void limitsThatAreLargeEnoughPass() {
    assertThatCode(
            () ->
                SegmentSizeCheck.require(
                    cluster("\"min_wal_size\": \"1GB\""), OF_64_MB, OF_64_MB.segmentSize()))
        .doesNotThrowAnyException();
  }

  private static Cluster cluster(String parameters) {
    return Cluster.parse(
        "{\"metadata\": {\"name\": \"new\"}, \"spec\": {\"postgresql\": {\"parameters\": {%s}}}}"
            .formatted(parameters)
            .getBytes(StandardCharsets.UTF_8));
  }
}
