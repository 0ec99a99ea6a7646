package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `archive.async`: pgBackRest archives ahead and leaves a mark for each segment, which it believes
/// when PostgreSQL asks.
@Timeout(600)
class AsyncArchiveIT {
  private static final int MAJOR = PostgresInstallation.NEWEST;
  private static final String ASYNC =
      "archive: {async: true}, processMax: 2, options: {io-timeout: \"2s\"},";

  @TempDir private Path directory;
  private TestCluster datacenter;
  private Instance primary;

  @BeforeEach
  void begin() {
    datacenter = new TestCluster(directory, "one", "two", "three");
    datacenter.stanza("s", ASYNC, repository("one"), repository("two"));
    primary =
        Instance.archiving(datacenter, TestCluster.archiving("c", "s"), MAJOR, "--wal-segsize=1");
    primary.postgres.execute("alter system set wal_keep_size = '64MB'", "select pg_reload_conf()");
  }

  @AfterEach
  void end() {
    primary.close();
    datacenter.close();
  }

  @Test
  void whatIsArchivedAheadIsInBothRepositoriesAndComesBack() throws Exception {
    primary.postgres.execute("create table t (n int)");
    primary.backup("backupType: full");
    datacenter.s3.faults().breakBucket("two");
    for (var n = 1; n <= 10; n++) {
      primary.postgres.execute("insert into t values (" + n + ")");
      var _ = primary.postgres.switchWal();
    }
    Eventually.until("PostgreSQL is told", () -> !primary.manager.archiveErrors().isEmpty());
    datacenter.s3.faults().heal();
    primary.archiveAll();

    assertThat(primary.manager.archiveErrors().getFirst()).contains("repository 2 of stanza 's'");
    assertThat(datacenter.segments("one", "/r")).isEqualTo(datacenter.segments("two", "/r"));
    assertThat(datacenter.segments("two", "/r")).hasSizeGreaterThan(10);
    var cluster = TestCluster.recovering("r", "s", "", "");
    try (var restored = Instance.recovery(datacenter, cluster, MAJOR).recovered()) {
      assertThat(restored.postgres.value("select count(*) || ' ' || sum(n) from t"))
          .isEqualTo("10 55");
    }
  }

  @Test
  void aMarkThatASidecarLeftIsNotBelievedByTheNext() throws Exception {
    primary.archiveAll();
    var next = primary.postgres.value("select pg_walfile_name(pg_current_wal_lsn())");
    plantMark(next);
    primary.sidecar().kill();
    primary.startSidecar();

    assertThat(primary.archiveAll()).isEqualTo(next);
    assertThat(datacenter.segments("one", "/r")).contains(next);
    assertThat(datacenter.segments("two", "/r")).contains(next);
  }

  @Test
  void aMarkOfOtherRepositoriesIsNotBelieved() throws Exception {
    primary.archiveAll();
    primary.postgres.stop();
    var segment = primary.postgres.walDirectory().resolve(plantMark("0000000100000000000000F0"));
    var earlier = datacenter.segments("one", "/r").getLast();
    Files.copy(primary.postgres.walDirectory().resolve(earlier), segment);
    datacenter.stanza("s", ASYNC, repository("three"));
    // The sidecar believes what it read for some seconds.
    Eventually.until(
        "the sidecar has seen the other repository",
        () -> {
          primary.manager.archive(primary.postgres.walDirectory().resolve(earlier));
          return !datacenter.segments("three", "/r").isEmpty();
        });

    primary.manager.archive(segment);

    assertThat(datacenter.segments("three", "/r")).contains(segment.getFileName().toString());
  }

  private String repository(String bucket) {
    return datacenter.repository(bucket, "/r", "bundle: true,");
  }

  /// The mark that says this segment is archived.
  private String plantMark(String segment) throws IOException {
    try (var files = Files.walk(primary.pod.workDirectory().resolve("spool"))) {
      var marks = files.filter(file -> file.endsWith("archive/main/out")).toList();
      assertThat(marks).isNotEmpty();
      for (var place : marks) {
        Files.createFile(place.resolve(segment + ".ok"));
      }
    }
    return segment;
  }
}
