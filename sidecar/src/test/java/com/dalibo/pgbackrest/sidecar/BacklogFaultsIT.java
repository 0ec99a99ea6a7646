package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A backlog that is archived ahead while something ends at a random moment: the sidecar, what it
/// runs, PostgreSQL, the store or one of two repositories. `-Dfault.rounds=200` makes it long.
@Timeout(7200)
class BacklogFaultsIT {
  private static final int ROUNDS = Integer.getInteger("fault.rounds", 5);
  private static final long SEED = Long.getLong("fault.seed", 20_261_128);
  private static final int SEGMENTS = 12;

  /// What ends, and comes back before the round does.
  private enum Fault {
    SIDECAR,
    PROGRAMS,
    POSTGRES,
    STORE,
    REPOSITORY
  }

  @TempDir private Path directory;
  private TestCluster datacenter;
  private Instance primary;
  private final Set<String> checked = new HashSet<>();
  private int rows;

  @BeforeEach
  void begin() {
    datacenter = new TestCluster(directory, "one", "two");
    datacenter.stanza(
        "s",
        "options: {io-timeout: \"2s\"},",
        datacenter.repository("one", "/r", "bundle: true,"),
        datacenter.repository("two", "/r", "bundle: true,"));
    primary =
        Instance.archiving(
            datacenter,
            TestCluster.archiving("c", "s"),
            PostgresInstallation.NEWEST,
            "--wal-segsize=1");
    primary.postgres.execute("create table t (n int)");
    primary.backup("backupType: full");
  }

  @AfterEach
  void end() {
    primary.close();
    datacenter.close();
  }

  @Test
  void noSegmentIsMissingAndNoneIsCalledArchivedBeforeItIsInBothRepositories() throws Exception {
    var random = new Random(SEED);
    for (var round = 0; round < ROUNDS; round++) {
      var last = "";
      for (var n = 0; n < SEGMENTS; n++) {
        primary.postgres.execute("insert into t values (" + ++rows + ")");
        last = primary.postgres.switchWal();
      }
      Thread.sleep(random.nextInt(600));
      strike(Fault.values()[round % Fault.values().length], random);
      awaitArchived(last);
    }

    assertThat(datacenter.segments("one", "/r")).isEqualTo(datacenter.segments("two", "/r"));
    assertNoGap(datacenter.segments("one", "/r"));
    var cluster = TestCluster.recovering("r", "s", "", "");
    try (var restored =
        Instance.recovery(datacenter, cluster, PostgresInstallation.NEWEST).recovered()) {
      assertThat(restored.postgres.value("select count(*) || ' ' || sum(n) from t"))
          .isEqualTo(rows + " " + rows * (rows + 1L) / 2);
    }
  }

  private void strike(Fault fault, Random random) throws Exception {
    switch (fault) {
      case SIDECAR -> {
        primary.sidecar().kill();
        requireInBoth(told());
        primary.startSidecar();
      }
      case PROGRAMS -> primary.programs().forEach(ProcessHandle::destroyForcibly);
      case POSTGRES -> {
        primary.postgres.stop(Postgres.Stop.IMMEDIATE);
        requireInBoth(told());
        primary.postgres.start();
      }
      case STORE -> {
        datacenter.s3.refuse();
        Thread.sleep(random.nextInt(1500));
        var told = told();
        datacenter.s3.accept();
        requireInBoth(told);
      }
      case REPOSITORY -> {
        datacenter.s3.faults().breakBucket(random.nextBoolean() ? "one" : "two");
        Thread.sleep(random.nextInt(1500));
        var told = told();
        datacenter.s3.faults().heal();
        requireInBoth(told);
      }
    }
  }

  /// PostgreSQL asks again in a minute after three failures, and sooner where a segment is added.
  private void awaitArchived(String last) throws Exception {
    var asked = new AtomicLong(System.nanoTime());
    Eventually.until(
        "'%s' is archived".formatted(last),
        () -> {
          requireInBoth(told());
          if (System.nanoTime() - asked.get() > 2_000_000_000L) {
            var _ = primary.postgres.switchWal();
            asked.set(System.nanoTime());
          }
          return checked.contains(last);
        });
  }

  /// What PostgreSQL was told is archived, and has not been looked for yet.
  private List<String> told() {
    return primary.manager.archived().stream().filter(name -> !checked.contains(name)).toList();
  }

  private void requireInBoth(List<String> told) {
    if (!told.isEmpty()) {
      var segments = told.stream().filter(name -> name.matches("[0-9A-F]{24}")).toList();
      assertThat(datacenter.segments("one", "/r")).containsAll(segments);
      assertThat(datacenter.segments("two", "/r")).containsAll(segments);
      checked.addAll(told);
    }
  }

  private static void assertNoGap(List<String> segments) {
    assertThat(segments).doesNotHaveDuplicates();
    var first = number(segments.getFirst());
    assertThat(segments).hasSize((int) (number(segments.getLast()) - first + 1));
  }

  /// With segments of 1 MiB, of which a file of 4 GiB has 4096.
  private static long number(String segment) {
    return Long.parseLong(segment.substring(8, 16), 16) * 4096
        + Long.parseLong(segment.substring(16), 16);
  }
}
