package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a standby finds beside the segment that it asks for. Each test has segments of its own.
@org.junit.jupiter.api.TestInstance(Lifecycle.PER_CLASS)
@Timeout(300)
class PrefetchIT {
  @TempDir static Path directory;
  private TestInstance stage;
  private Path destination;

  @BeforeAll
  void begin() throws IOException {
    stage = new TestInstance(directory, TestInstance.archiving());
    // A standby cannot start with fewer connections than its primary had, which initdb was.
    stage.postgres.start();
    stage.postgres.stop();
    stage.cluster.timeline(1);
    stage.applyStanza("main", stage.oneRepository());
    destination = stage.postgres.walDirectory().resolve("RECOVERYXLOG");
    for (var first : List.of(0x10, 0x20, 0x30, 0x40, 0x50)) {
      for (var n = 0; n < 5; n++) {
        archive(first + n);
      }
    }
    // A standby that was killed: its control file is that of a recovery.
    Files.createFile(stage.pod.pgData().resolve("standby.signal"));
    stage.postgres.start();
    stage.postgres.stop(Postgres.Stop.IMMEDIATE);
    stage.cluster.primary("demo-2");
  }

  @AfterAll
  void end() {
    stage.close();
  }

  @Test
  void segmentsAskedForInSequenceAreFetchedBeforeAndAnyOtherRequestDropsThem() throws Exception {
    restore(0x10);
    Thread.sleep(1000);
    assertThat(prefetched()).isEmpty();
    restore(0x11);
    Eventually.until("the next ones are here", () -> prefetched().size() == 3);
    stage.s3.faults().forgetRequests();

    restore(0x12);

    assertThat(Files.readAllBytes(destination)).isEqualTo(content());
    assertThat(stage.s3.faults().requests())
        .noneMatch(request -> request.contains("/" + name(0x12) + "-"));
    assertThat(prefetched()).hasSize(2);
    assertThat(failure("00000002.history")).contains("NOT_FOUND");
    Eventually.until("they are dropped", () -> prefetched().isEmpty());
  }

  @Test
  void aMissIsNeverRemembered() throws Exception {
    restore(0x23);
    restore(0x24);
    Eventually.until("the next one is missed", () -> asked(name(0x25)));
    stage.s3.faults().forgetRequests();
    stage.cluster.primary("demo-1");
    archive(0x25);
    stage.cluster.primary("demo-2");

    restore(0x25);
    assertThat(failure(name(0x26)))
        .contains("NOT_FOUND", "WAL file '%s' is in no repository".formatted(name(0x26)));
  }

  @Test
  void segmentsOutOfSequenceAreFetchedOneByOne() throws Exception {
    for (var n : List.of(0x33, 0x32, 0x31, 0x30, 0x32)) {
      restore(n);
    }
    Thread.sleep(1000);

    assertThat(prefetched()).isEmpty();
  }

  @Test
  void aSegmentThatIsNotHereYetIsNotPromisedByTheOthers() throws Exception {
    restore(0x40);
    stage.s3.faults().failWhere(request -> request.contains("/" + name(0x43) + "-"));
    restore(0x41);
    Eventually.until("one is here", () -> !prefetched().isEmpty());
    restore(0x42);

    assertThat(failure(name(0x43)))
        .contains("UNAVAILABLE", "cannot determine whether WAL file '%s'".formatted(name(0x43)));
    stage.s3.faults().heal();
    restore(0x43);
    restore(0x44);
  }

  @Test
  void aPromotionDoesNotWaitForASegmentThatIsOnItsWay() throws Exception {
    restore(0x50);
    stage.s3.faults().holdWhere(request -> request.contains("/" + name(0x52) + "-"));
    restore(0x51);
    Eventually.until("the next one is on its way", () -> stage.s3.faults().held() > 0);
    var asked = CompletableFuture.supplyAsync(() -> failure(name(0x52)));
    Thread.sleep(300);
    assertThat(asked).isNotDone();

    var promote = Files.createFile(stage.pod.pgData().resolve("promote"));
    try {
      assertThat(asked.get(8, TimeUnit.SECONDS)).contains("UNAVAILABLE", name(0x52));
    } finally {
      Files.delete(promote);
      stage.s3.faults().heal();
    }
    restore(0x52);
  }

  private void archive(int number) throws IOException {
    var segment = stage.segment(name(number));
    stage.manager.archive(segment);
    Files.delete(segment);
  }

  private void restore(int number) throws IOException {
    Files.deleteIfExists(destination);
    stage.manager.restore(name(number), destination);
    assertThat(destination).exists();
  }

  private String failure(String name) {
    return String.valueOf(
        InstanceManager.failureOf(() -> stage.manager.restore(name, destination)));
  }

  private byte[] content() throws IOException {
    return Files.readAllBytes(stage.postgres.walDirectory().resolve(TestInstance.SEGMENT));
  }

  private static String name(int number) {
    return "0000000100000000%08X".formatted(number);
  }

  private List<String> prefetched() throws IOException {
    try (Stream<Path> files = Files.list(stage.postgres.walDirectory())) {
      return new ArrayList<>(
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.matches("[.][0-9A-F]{24}[.]prefetched"))
              .toList());
    }
  }

  private boolean asked(String segment) {
    return stage.s3.faults().requests().stream().anyMatch(request -> request.contains(segment));
  }
}
