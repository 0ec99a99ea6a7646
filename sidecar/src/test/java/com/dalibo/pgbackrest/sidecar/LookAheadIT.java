package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.session.WalProcesses;
import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.store.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A backlog of WAL, of which PostgreSQL asks for one segment at a time. Each test has segments of
/// its own, sixteen of them.
@org.junit.jupiter.api.TestInstance(Lifecycle.PER_CLASS)
@Timeout(300)
class LookAheadIT {
  @TempDir static Path directory;
  private TestInstance stage;

  @BeforeAll
  void begin() throws IOException {
    stage = new TestInstance(directory, TestInstance.archiving());
    stage.applyStanza("main", stage.twoRepositories());
    stage.manager.archive(stage.segment(TestInstance.SEGMENT));
  }

  @AfterEach
  void heal() {
    stage.s3.faults().heal();
    stage.otherS3.faults().heal();
  }

  @AfterAll
  void end() {
    stage.close();
  }

  @Test
  void whatIsReadyIsInBothRepositoriesBeforePostgresqlAsksForItAndIsPushedOnce() throws Exception {
    var backlog = backlog(0x10, 11);
    stage.s3.faults().forgetRequests();

    stage.manager.archive(backlog.getFirst());
    // Eight ahead of what PostgreSQL asked for, and no more.
    Eventually.until("eight are ahead", () -> archived(backlog).equals(names(backlog, 9)));
    Thread.sleep(1000);
    assertThat(archived(backlog)).isEqualTo(names(backlog, 9));
    backlog.forEach(stage.manager::archive);

    assertThat(archived(backlog)).isEqualTo(names(backlog, 11));
    assertThat(stage.s3.faults().requests())
        .filteredOn(request -> isPutOf(request, backlog.get(5)) && request.startsWith("PUT /one/"))
        .hasSize(1);
  }

  @Test
  void aFileThatWasWrittenAgainIsNotTakenForTheOneThatWasPushed() throws Exception {
    var backlog = backlog(0x20, 3);
    stage.manager.archive(backlog.getFirst());
    Eventually.until("all are ahead", () -> archived(backlog).equals(names(backlog, 3)));
    var second = backlog.get(1);
    var changed = Files.readAllBytes(second);
    changed[changed.length - 1]++;
    Files.write(second, changed);
    var third = backlog.get(2);
    var recycled = stage.postgres.walDirectory().resolve("recycled");
    Files.write(recycled, changed);
    Files.setLastModifiedTime(recycled, Files.getLastModifiedTime(third));
    Files.move(recycled, third, StandardCopyOption.REPLACE_EXISTING);

    for (var file : List.of(second, third)) {
      assertThat(InstanceManager.failureOf(() -> stage.manager.archive(file)))
          .contains(
              "WAL file '%s' is already in stanza 'main' with different content"
                  .formatted(file.getFileName()),
              "split brain");
    }
  }

  @Test
  void oneOfTwoRepositoriesIsNotEnoughAndItsFailureIsThatOfTheSegmentAskedFor() throws Exception {
    var backlog = backlog(0x30, 3);
    stage.otherS3.faults().failWhere(request -> isPutOf(request, backlog.get(1)));
    stage.manager.archive(backlog.getFirst());
    Eventually.until(
        "the second is in one repository",
        () -> keys(stage.s3, "one").contains(name(backlog.get(1))));

    assertThat(InstanceManager.failureOf(() -> stage.manager.archive(backlog.get(1))))
        .contains(
            "UNAVAILABLE",
            "WAL file '%s' is not yet in repository 2 of stanza 'main'; PostgreSQL keeps it and retries"
                .formatted(name(backlog.get(1))),
            "503");
    stage.otherS3.faults().heal();
    backlog.subList(1, 3).forEach(stage.manager::archive);

    assertThat(archived(backlog)).isEqualTo(names(backlog, 3));
  }

  @Test
  void aSegmentOnItsWayIsWaitedForAndNotPushedTwice() throws Exception {
    var backlog = backlog(0x40, 2);
    stage.otherS3.faults().holdWhere(request -> isPutOf(request, backlog.get(1)));
    stage.manager.archive(backlog.getFirst());
    Eventually.until("the second is on its way", () -> stage.otherS3.faults().held() == 1);

    var asked = Thread.ofVirtual().start(() -> stage.manager.archive(backlog.get(1)));
    assertThat(asked.join(Duration.ofSeconds(1))).isFalse();
    assertThat(stage.otherS3.faults().held()).isEqualTo(1);
    stage.otherS3.faults().heal();
    asked.join();

    assertThat(archived(backlog)).isEqualTo(names(backlog, 2));
  }

  @Test
  void nothingIsPushedThatPostgresqlHasNotMarkedOrThatIsTruncated() throws Exception {
    var backlog = backlog(0x50, 4);
    Files.delete(ready(backlog.get(1)));
    stage.manager.archive(backlog.getFirst());
    Thread.sleep(1500);
    assertThat(archived(backlog)).isEqualTo(names(backlog, 1));

    Files.createFile(ready(backlog.get(1)));
    Files.write(backlog.get(2), new byte[8 << 20]);
    stage.manager.archive(backlog.get(1));
    Thread.sleep(1500);
    assertThat(archived(backlog)).isEqualTo(names(backlog, 2));
    assertThat(InstanceManager.failureOf(() -> stage.manager.archive(backlog.get(2))))
        .contains("has 8388608 bytes instead of 16777216; it is truncated");
  }

  @Test
  void aRepositoryThatTheOwnershipCheckHasNotSeenGetsNothingAhead() throws Exception {
    var backlog = backlog(0x60, 4);
    stage.s3.faults().holdWhere(request -> isPutOf(request, backlog.get(1)));
    stage.manager.archive(backlog.getFirst());
    Eventually.until("the second is on its way", () -> stage.s3.faults().held() > 0);
    stage.applyStanza("main", stage.twoRepositories() + stage.repository(stage.s3, "two"));
    // What was read of the Stanza is believed for so long.
    Thread.sleep(3100);
    stage.s3.faults().heal();
    Eventually.until("the second is there", () -> archived(backlog).contains(name(backlog.get(1))));
    Thread.sleep(1500);
    assertThat(keys(stage.s3, "two")).isEmpty();

    backlog.forEach(stage.manager::archive);

    assertThat(keys(stage.s3, "two")).isEqualTo(names(backlog, 4));
  }

  /// A history file, say, which no look-ahead pushes.
  @Test
  void aFileOutsideTheWindowWaitsForOneOfTheProcessesThatPushAhead() throws Exception {
    var most = new WalProcesses(MemoryLimit::ofContainer).most();
    var backlog = backlog(0x70, 8);
    var ahead = backlog.subList(1, 8);
    stage
        .s3
        .faults()
        .holdWhere(request -> ahead.stream().anyMatch(segment -> isPutOf(request, segment)));
    stage.manager.archive(backlog.getFirst());
    Eventually.until("as many are on their way as may be", () -> stage.s3.faults().held() == most);
    var outside = stage.segment("00000001000000000000007F");
    stage.s3.faults().forgetRequests();

    var asked = Thread.ofVirtual().start(() -> stage.manager.archive(outside));
    assertThat(asked.join(Duration.ofSeconds(2))).isFalse();
    assertThat(stage.s3.faults().requests()).noneMatch(request -> isPutOf(request, outside));
    assertThat(stage.otherS3.faults().requests()).noneMatch(request -> isPutOf(request, outside));
    stage.s3.faults().heal();
    asked.join();

    assertThat(archived(List.of(outside))).isEqualTo(names(List.of(outside), 1));
    backlog.forEach(stage.manager::archive);
    assertThat(archived(backlog)).isEqualTo(names(backlog, 8));
  }

  private List<Path> backlog(int first, int count) throws IOException {
    var segments = new ArrayList<Path>();
    for (var n = first; n < first + count; n++) {
      var segment = stage.segment("0000000100000000%08X".formatted(n));
      Files.createDirectories(ready(segment).getParent());
      Files.createFile(ready(segment));
      segments.add(segment);
    }
    return segments;
  }

  private static Path ready(Path segment) {
    return segment.resolveSibling("archive_status").resolve(name(segment) + ".ready");
  }

  private static String name(Path segment) {
    return segment.getFileName().toString();
  }

  private static List<String> names(List<Path> segments, int count) {
    return IntStream.range(0, count).mapToObj(n -> name(segments.get(n))).toList();
  }

  /// Those that are in both repositories.
  private List<String> archived(List<Path> segments) {
    var one = keys(stage.s3, "one");
    var two = keys(stage.otherS3, "two");
    return segments.stream()
        .map(LookAheadIT::name)
        .filter(one::contains)
        .filter(two::contains)
        .toList();
  }

  private static List<String> keys(S3Server server, String bucket) {
    return server.keys(bucket).stream()
        .map(key -> key.substring(key.lastIndexOf('/') + 1))
        .filter(name -> name.matches("[0-9A-F]{24}-.*"))
        .map(name -> name.substring(0, 24))
        .sorted()
        .toList();
  }

  private static boolean isPutOf(String request, Path segment) {
    return request.startsWith("PUT ") && request.contains("/" + name(segment) + "-");
  }
}
