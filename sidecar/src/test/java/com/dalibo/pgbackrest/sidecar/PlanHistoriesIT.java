package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Plan against truth, over random histories: rows, backups of all types in two repositories,
/// restore points, failovers of three kinds, a major upgrade, expirations, lost WAL; and random
/// targets of every kind. What the plan says is what the restore does: success and the very row
/// that is last, or failure.
///
/// `-Dplan.histories=200 -Dplan.seed=1` for a long run; `-Dplan.report=FILE` has each comparison
/// written.
@Timeout(36_000)
class PlanHistoriesIT {
  private static final int HISTORIES = Integer.getInteger("plan.histories", 1);
  private static final int TARGETS = Integer.getInteger("plan.targets", 3);
  private static final long SEED = Long.getLong("plan.seed", 20261129L);
  private static final List<String> BUCKETS = List.of("one", "two");

  @TempDir private Path directory;

  @Test
  void thePlanSaysWhatTheRestoreDoes() throws Exception {
    var differences = new ArrayList<String>();
    var outcomes = new ArrayList<String>();
    try (var datacenter = new TestCluster(directory, "one", "two")) {
      for (var number = 0; number < HISTORIES; number++) {
        new History(datacenter, SEED + number).compare(differences, outcomes);
      }
    }
    report(
        "%d histories, %d comparisons: %s; %d differences"
            .formatted(
                HISTORIES,
                outcomes.size(),
                outcomes.stream()
                    .collect(Collectors.groupingBy(outcome -> outcome, Collectors.counting())),
                differences.size()));
    assertThat(differences).isEmpty();
    assertThat(outcomes).hasSize(HISTORIES * TARGETS);
  }

  private static void report(String line) throws Exception {
    var file = System.getProperty("plan.report");
    if (file != null) {
      Files.writeString(
          Path.of(file),
          "%s %s\n".formatted(Instant.now(), line),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  /// One history, and what is asked about it.
  private static final class History {
    private final Random random;
    private final TestCluster datacenter;
    private final long seed;
    private final List<String> labels = new ArrayList<>();
    private final List<String> points = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final Instant begun = Instant.now();
    private final boolean isUpgraded;

    History(TestCluster datacenter, long seed) {
      this.datacenter = datacenter;
      this.seed = seed;
      // The first numbers of neighbouring seeds are alike.
      this.random = new Random(seed * 0x9E3779B97F4A7C15L);
      this.isUpgraded = seed % 4 == 0;
    }

    void compare(List<String> differences, List<String> outcomes) throws Exception {
      var name = "h" + seed;
      var retention = random.nextInt(3) == 0 ? "retentionPolicy: {full: 1, fullType: count}," : "";
      try (var lab =
          new PlanLab(
              datacenter,
              name,
              isUpgraded ? PlanLab.OLDER : PostgresInstallation.NEWEST,
              datacenter.repository("one", "/" + name, retention),
              datacenter.repository("two", "/" + name, ""))) {
        make(lab);
        lab.stop();
        lose(lab);
        for (var n = 0; n < TARGETS; n++) {
          var target = target(lab);
          var major = isUpgraded && random.nextBoolean() ? major() : 0;
          var plan = lab.plan(major == 0 ? "" : "postgresMajor: %d,".formatted(major), target);
          var truth = truth(lab, plan, target, major);
          var said = PlanLab.words(plan);
          var difference = difference(lab, plan, truth, target, major);
          var condition = PlanLab.possible(plan);
          outcomes.add(condition.status() + " " + condition.reason());
          report(
              "%s {%s}%s plan: %s | truth: %s%s"
                  .formatted(
                      name,
                      target,
                      major == 0 ? "" : " of PostgreSQL " + major,
                      said,
                      truth.rows().map("rows "::concat).orElse("failure " + last(truth.failure())),
                      difference.map(" DIFFERENCE "::concat).orElse("")));
          difference.ifPresent(
              words ->
                  differences.add(
                      "seed %d, {%s}: %s\n  history: %s\n  plan: %s\n  truth: %s"
                          .formatted(seed, target, words, told, said, truth)));
        }
      }
    }

    private int major() {
      return random.nextBoolean() ? PlanLab.OLDER : PostgresInstallation.NEWEST;
    }

    /// A plan that names no backup says nothing of the image: then the version that the restore
    /// asks for is given, so that a wrong one does not hide what else would happen.
    private static PlanLab.Truth truth(
        PlanLab lab, RestorePlanStatus plan, String target, int major) throws Exception {
      var truth = lab.restore(target, major == 0 ? planned(plan) : major);
      return major == 0
              && plan.backup() == null
              && truth.failure().contains("has an image of PostgreSQL")
          ? lab.restore(target, PlanLab.OLDER)
          : truth;
    }

    /// Of the image in the Cluster that is planned.
    private static int planned(RestorePlanStatus plan) {
      var backup = plan.backup();
      return backup == null || backup.postgresMajor() == null
          ? PostgresInstallation.NEWEST
          : Integer.parseInt(backup.postgresMajor());
    }

    private static String last(String failure) {
      return failure.lines().reduce((_, line) -> line).orElse("");
    }

    private void make(PlanLab lab) throws Exception {
      lab.insert();
      backup(lab, "full");
      var steps = 5 + random.nextInt(6);
      var upgrade = isUpgraded ? random.nextInt(steps) : -1;
      for (var step = 0; step < steps; step++) {
        if (step == upgrade) {
          told.add("segment " + lab.archive());
          lab.upgrade();
          told.add("upgrade");
          lab.insert();
          if (random.nextInt(4) > 0) {
            backup(lab, "full");
          }
        }
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> {
            told.add("row " + lab.insert());
            pause();
          }
          case 3, 4 -> told.add("segment " + lab.archive());
          case 5 -> backup(lab, List.of("full", "diff", "incr").get(random.nextInt(3)));
          case 6 -> {
            var point = "p" + points.size();
            lab.restorePoint(point);
            points.add(point);
            told.add("point " + point);
          }
          case 7 -> {
            lab.failOver(Postgres.Stop.FAST);
            told.add("failover");
          }
          case 8 -> {
            lab.failOver(Postgres.Stop.IMMEDIATE);
            told.add("crash");
          }
          default -> {
            var lost = new ArrayList<String>();
            lab.failOverLosing(() -> lost.add("" + lab.insert()));
            told.add("failover that leaves " + lost);
          }
        }
      }
      told.add("row " + lab.insert());
      told.add("segment " + lab.archive());
    }

    private static void pause() throws InterruptedException {
      Thread.sleep(300);
    }

    private void backup(PlanLab lab, String type) throws Exception {
      var repository = 1 + random.nextInt(2);
      var label = lab.backup(type, repository);
      labels.add(label);
      told.add("backup %s in %d".formatted(label, repository));
      // Only the next second is surely after it.
      Thread.sleep(random.nextBoolean() ? 1100 : 200);
    }

    private void lose(PlanLab lab) {
      var all = lab.segments("one");
      if (all.isEmpty() || random.nextInt(3) == 0) {
        return;
      }
      var segment = all.get(random.nextInt(all.size()));
      var everywhere = random.nextInt(3) > 0;
      for (var bucket : everywhere ? BUCKETS : List.of("one")) {
        lab.lose(bucket, segment);
      }
      told.add("lost %s %s".formatted(segment, everywhere ? "in both" : "in one"));
    }

    private String target(PlanLab lab) {
      var words = new ArrayList<String>();
      var needsLabel = false;
      var row = lab.rows.get(random.nextInt(lab.rows.size()));
      switch (random.nextInt(9)) {
        case 0 -> {}
        case 1, 2, 3 -> words.add("targetTime: '%s'".formatted(moment(lab, row)));
        case 4 -> words.add("targetLSN: '%s'".formatted(row.position()));
        case 5 -> {
          words.add("targetXID: '%s'".formatted(row.xid()));
          needsLabel = true;
        }
        case 6 -> {
          words.add(
              "targetName: "
                  + (points.isEmpty() ? "nothing" : points.get(random.nextInt(points.size()))));
          needsLabel = true;
        }
        case 7 -> words.add("targetImmediate: true");
        default -> words.add("targetLSN: '0/%X'".formatted(0x1000000 + random.nextInt(0x2000000)));
      }
      if (needsLabel ? random.nextInt(8) > 0 : random.nextInt(4) == 0) {
        words.add("backupID: " + labels.get(random.nextInt(labels.size())));
      }
      if (random.nextInt(5) == 0) {
        words.add("targetTLI: '%s'".formatted(List.of("1", "2", "3").get(random.nextInt(3))));
      }
      if (random.nextInt(4) == 0) {
        words.add("exclusive: true");
      }
      return String.join(", ", words);
    }

    private Instant moment(PlanLab lab, PlanLab.Row row) {
      return switch (random.nextInt(6)) {
        case 0 -> row.committed();
        case 1 -> row.committed().minusNanos(1000);
        case 2 -> row.committed().plusMillis(50);
        case 3 -> begun.minus(Duration.ofMinutes(1));
        case 4 -> Instant.now().plus(Duration.ofMinutes(random.nextInt(20)));
        default -> {
          var from = lab.rows.getFirst().committed();
          var span = Duration.between(from, lab.rows.getLast().committed()).toMillis();
          yield from.plusMillis(random.nextLong(span + 1));
        }
      };
    }

    private static Optional<String> difference(
        PlanLab lab, RestorePlanStatus plan, PlanLab.Truth truth, String target, int major)
        throws Exception {
      var isPossible = PlanLab.possible(plan).status().equals("True");
      if (PlanLab.possible(plan).status().equals("Unknown")) {
        return Optional.of("the plan does not know");
      }
      if (isPossible != truth.rows().isPresent()) {
        return Optional.of(isPossible ? "the restore fails" : "the restore succeeds");
      }
      if (!isPossible) {
        return neighbours(lab, plan, target, major);
      }
      var ends = plan.ends().time();
      if (ends == null) {
        return Optional.empty();
      }
      var expected = last(lab, Instant.parse(ends));
      var found =
          lab.rows.stream()
              .filter(row -> rows(truth).contains(row.number()))
              .map(PlanLab.Row::committed)
              .max(Instant::compareTo);
      return expected.equals(found)
          ? Optional.empty()
          : Optional.of("the last row is of %s, not of %s".formatted(found, expected));
    }

    /// Every transaction of the source but the first one is that of a row.
    private static Optional<Instant> last(PlanLab lab, Instant time) {
      return lab.rows.stream()
          .map(PlanLab.Row::committed)
          .filter(committed -> committed.equals(time))
          .findFirst();
    }

    private static List<Integer> rows(PlanLab.Truth truth) {
      var text = truth.rows().orElse("");
      return text.isEmpty() || text.equals("null")
          ? List.of()
          : List.of(text.split(",")).stream().map(Integer::valueOf).toList();
    }

    /// Targets that are offered instead can be reached.
    private static Optional<String> neighbours(
        PlanLab lab, RestorePlanStatus plan, String target, int major) throws Exception {
      var nearest = plan.nearest();
      if (nearest == null) {
        return Optional.empty();
      }
      var field = target.contains("targetLSN") ? "targetLSN" : "targetTime";
      var others =
          List.of(target.split(", ")).stream()
              .filter(word -> !word.startsWith("targetLSN") && !word.startsWith("targetTime"))
              .filter(word -> !word.isEmpty())
              .toList();
      for (var neighbour : new String[] {nearest.before(), nearest.after()}) {
        if (neighbour != null) {
          var words = new ArrayList<>(others);
          words.add("%s: '%s'".formatted(field, neighbour));
          var truth = truth(lab, plan, String.join(", ", words), major);
          if (truth.rows().isEmpty()) {
            return Optional.of(
                "the neighbour %s cannot be reached: %s"
                    .formatted(neighbour, last(truth.failure())));
          }
        }
      }
      return Optional.empty();
    }
  }
}
