package com.dalibo.pgbackrest.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.error.PgBackRestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProgramRunnerTest {
  @TempDir Path folder;

  private Invocation script(String text, Duration timeout) throws IOException {
    var script = folder.resolve("program");
    // A shell cannot catch a hang-up that whoever started the tests, such as nohup, ignores.
    Files.writeString(script, "#!/usr/bin/env -S --default-signal=HUP /bin/sh\n" + text, UTF_8);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return new Invocation(
        script, List.of("one", "two words"), Map.of("PATH", "/usr/bin:/bin"), timeout);
  }

  private Invocation script(String text) throws IOException {
    return script(text, Duration.ofSeconds(50));
  }

  private static Invocation watched(Invocation invocation, Watch watch) {
    return new Invocation(
        invocation.program(),
        invocation.arguments(),
        invocation.environment(),
        invocation.timeout(),
        watch);
  }

  @Test
  void aProgramThatDoesNothingIsEndedWithItsWorkers() throws Exception {
    var invocation = watched(script(WITH_WORKER), new StallWatch(Duration.ofSeconds(2)));
    try (var runner = new ProgramRunner(Duration.ofSeconds(1))) {
      var run = CompletableFuture.supplyAsync(() -> failure(runner, invocation));
      var stopped = process("leader");
      new ProcessBuilder("kill", "-STOP", Long.toString(stopped)).start().waitFor();

      assertThat(run.get())
          .isInstanceOf(TimeoutException.class)
          .hasMessage("it made no progress for 2 s");
      assertGone(stopped);
      assertGone(process("worker"));
    }
  }

  private static Exception failure(ProgramRunner runner, Invocation invocation) {
    try {
      runner.run(invocation, _ -> {});
      return new IllegalStateException("it ended unexpectedly");
    } catch (IOException | TimeoutException | InterruptedException ended) {
      return ended;
    }
  }

  @Test
  void whatAProgramLeftRunningIsKilledOnceItHasDoneNothingForAWhile() throws Exception {
    var word = "--stanza=" + folder.getFileName();
    var left = new ProcessBuilder("setsid", "sleep", "300").start();
    var other =
        new ProcessBuilder("setsid", "/bin/sh", "-c", "sleep 300; true", "archive-push:async", word)
            .start();
    try (var runner = new ProgramRunner()) {
      var words = List.of("archive-push:async", word);

      assertThat(runner.endStalled(words, Duration.ofSeconds(1))).isZero();
      Thread.sleep(500);
      var _ = runner.endStalled(words, Duration.ofSeconds(1));
      Thread.sleep(1500);
      assertThat(runner.endStalled(words, Duration.ofSeconds(1))).isEqualTo(1);

      assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(left.isAlive()).isTrue();
    } finally {
      left.destroyForcibly();
      other.destroyForcibly();
    }
  }

  @Test
  void aProgramThatIsSlowIsLetFinish() throws Exception {
    var slowly = "for n in 1 2 3 4 5; do sleep 1; cat /bin/sh >/dev/null; done; echo done";
    try (var runner = new ProgramRunner()) {
      var output =
          runner.run(watched(script(slowly), new StallWatch(Duration.ofSeconds(3))), _ -> {});

      assertThat(output.stdout()).isEqualTo("done\n");
    }
  }

  @Test
  void aFileThatArrivesSlowlyIsWaitedForAndOneThatStopsIsNot() throws Exception {
    var file = folder.resolve("file");
    var slowly = "for n in 1 2 3 4 5; do sleep 1; echo $n >>'%s'; done; sleep 20".formatted(file);
    var watch = new FetchStallWatch(List.of(file), Duration.ofSeconds(3), () -> false);
    try (var runner = new ProgramRunner()) {
      assertThatThrownBy(() -> runner.run(watched(script(slowly), watch), _ -> {}))
          .isInstanceOf(TimeoutException.class)
          .hasMessage("nothing of the file arrived for 3 s");
    }
    assertThat(Files.readAllLines(file)).containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void oneWhoComesToWaitIsAnsweredInSeconds() throws Exception {
    var begin = System.nanoTime();
    var watch =
        new FetchStallWatch(List.of(folder.resolve("file")), Duration.ofSeconds(40), () -> true);
    try (var runner = new ProgramRunner()) {
      assertThatThrownBy(() -> runner.run(watched(script("sleep 30"), watch), _ -> {}))
          .hasMessage("nothing of the file arrived for 2 s");
    }
    assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(15));
  }

  /// A program with a worker that outlives it unless the whole group is ended. Writes both process
  /// numbers.
  private static final String WITH_WORKER =
      "sleep 300 & echo $! >\"$(dirname \"$0\")/worker\"; echo $$ >\"$(dirname \"$0\")/leader\"; echo 'INFO: up' >&2; echo 'INFO: more' >&2; wait\n";

  private long process(String name) throws Exception {
    var file = folder.resolve(name);
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!(Files.exists(file) && Files.readString(file).endsWith("\n"))) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(10);
    }
    return Long.parseLong(Files.readString(file).strip());
  }

  @Test
  void outputExitCodeAndLogComeBack() throws Exception {
    try (var runner = new ProgramRunner()) {
      var progress = new ArrayList<LogLine>();

      var output =
          runner.run(
              script("echo \"$1-$2\"; echo 'ERROR: [055]: gone' >&2; exit 55"), progress::add);

      assertThat(output)
          .isEqualTo(
              new ProgramOutput(
                  55, "one-two words\n", List.of(new LogLine(LogLine.Level.ERROR, 55, "gone"))));
      assertThat(progress).isEqualTo(output.log());
    }
  }

  @Test
  void theEnvironmentIsWhatTheInvocationSays() throws Exception {
    try (var runner = new ProgramRunner()) {
      var output =
          runner.run(script("env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD="), _ -> {});

      assertThat(output.stdout()).isEqualTo("PATH=/usr/bin:/bin\n");
    }
  }

  @Test
  void bytesThatAreNoTextAreReplaced() throws Exception {
    try (var runner = new ProgramRunner()) {
      var output =
          runner.run(script("printf 'a\\377b'; printf 'ERROR: [029]: \\376x\\n' >&2"), _ -> {});

      assertThat(output.stdout()).isEqualTo("a\uFFFDb");
      assertThat(output.log()).containsExactly(new LogLine(LogLine.Level.ERROR, 29, "\uFFFDx"));
    }
  }

  @Test
  void aLongLogIsReadToItsEndInBoundedMemory() throws Exception {
    try (var runner = new ProgramRunner()) {
      var output =
          runner.run(
              script(
                  "i=0; while [ $i -lt 40000 ]; do echo 'INFO: 0123456789' >&2; i=$((i+1)); done; echo 'ERROR: [050]: last' >&2"),
              _ -> {});

      assertThat(output.log()).hasSizeLessThan(30_000);
      assertThat(output.log().getLast()).isEqualTo(new LogLine(LogLine.Level.ERROR, 50, "last"));
    }
  }

  @Test
  void aListenerThatFailsDoesNotStopTheProgram() throws Exception {
    try (var runner = new ProgramRunner()) {
      var output =
          runner.run(
              script("echo 'INFO: a' >&2; echo 'INFO: b' >&2; exit 3"),
              _ -> {
                throw new IllegalStateException();
              });

      assertThat(output.exitCode()).isEqualTo(3);
      assertThat(output.log()).hasSize(2);
    }
  }

  @Test
  void anInterruptEndsTheProgramAndItsWorkers() throws Exception {
    try (var runner = new ProgramRunner()) {
      var result = new CompletableFuture<Throwable>();
      var thread = run(runner, script(WITH_WORKER), result);
      var worker = process("worker");
      var leader = process("leader");

      thread.interrupt();

      assertThat(result.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
      assertGone(leader, worker);
    }
  }

  @Test
  void aHangUpReachesTheProgramAndNotItsWorkers() throws Exception {
    try (var runner = new ProgramRunner()) {
      var heard = new CompletableFuture<LogLine>();
      var invocation =
          script(
              "trap 'echo \"INFO: again\" >&2' HUP; sleep 300 & echo $! >\"$(dirname \"$0\")/worker\";"
                  + " while :; do wait; done");
      var running =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      var _ = runner.run(invocation, heard::complete);
                    } catch (IOException | TimeoutException | InterruptedException ended) {
                      heard.completeExceptionally(ended);
                    }
                  });
      var worker = process("worker");

      runner.hangUp(invocation);

      assertThat(heard.get(20, TimeUnit.SECONDS).text()).isEqualTo("again");
      assertThat(ProcessHandle.of(worker)).hasValueSatisfying(ProcessHandle::isAlive);
      running.interrupt();
      running.join();
    }
  }

  @Test
  void closingEndsWhatRuns() throws Exception {
    var result = new CompletableFuture<Throwable>();
    var runner = new ProgramRunner();
    run(runner, script(WITH_WORKER), result);
    var worker = process("worker");
    var leader = process("leader");

    runner.close();

    assertThat(result.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    assertGone(leader, worker);
    assertThatThrownBy(() -> runner.run(script("exit 0"), _ -> {}))
        .hasMessage("the program is shutting down and starts no more processes");
  }

  @Test
  void theDeadlineEndsTheProgramAndItsWorkers() throws Exception {
    try (var runner = new ProgramRunner()) {
      assertThatThrownBy(() -> runner.run(script(WITH_WORKER, Duration.ofSeconds(5)), _ -> {}))
          .isInstanceOf(TimeoutException.class)
          .hasMessage("it took longer than 5 s");

      assertGone(process("leader"), process("worker"));
    }
  }

  @Test
  void aProgramThatDoesNotListenIsKilled() throws Exception {
    try (var runner = new ProgramRunner(Duration.ofMillis(500))) {
      var invocation =
          script(
              "trap '' TERM\n" + WITH_WORKER + "while :; do sleep 1; done", Duration.ofSeconds(5));

      assertThatThrownBy(() -> runner.run(invocation, _ -> {}))
          .isInstanceOf(TimeoutException.class);

      assertGone(process("leader"), process("worker"));
    }
  }

  @Test
  void theWorkersOfAProgramThatSomeoneElseKilledAreEnded() throws Exception {
    try (var runner = new ProgramRunner()) {
      var result = new CompletableFuture<Throwable>();
      run(runner, script(WITH_WORKER), result);
      var worker = process("worker");
      var leader = process("leader");

      ProcessHandle.of(leader).orElseThrow().destroyForcibly();

      result.get(20, TimeUnit.SECONDS);
      assertGone(leader, worker);
    }
  }

  @Test
  void aProgramThatIsNotThereIsAFailureWithItsName() throws Exception {
    try (var runner = new ProgramRunner()) {
      var invocation =
          new Invocation(
              Path.of("/nowhere/pgbackrest"), List.of(), Map.of(), Duration.ofSeconds(5));

      var output = runner.run(invocation, _ -> {});

      assertThat(output.exitCode()).isEqualTo(127);
      assertThat(PgBackRestException.of("info", output))
          .hasMessageContaining("/nowhere/pgbackrest: No such file or directory");
    }
  }

  private static Thread run(
      ProgramRunner runner, Invocation invocation, CompletableFuture<Throwable> result) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                runner.run(invocation, _ -> {});
                result.complete(new AssertionError("it ended unexpectedly"));
              } catch (Exception e) {
                result.complete(e);
              }
            });
  }

  private static void assertGone(long... processes) throws Exception {
    for (var process : processes) {
      var handle = ProcessHandle.of(process);
      if (handle.isPresent()) {
        handle.get().onExit().get(10, TimeUnit.SECONDS);
      }
      assertThat(ProcessHandle.of(process).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }
}
