package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The process of a sidecar, as far as it holds the lock of a volume, until it is ended.
final class LockedProcess implements AutoCloseable {
  private final Process process;

  LockedProcess(Path pgData) throws IOException {
    this(pgData, "held");
  }

  LockedProcess(Path pgData, String expected) throws IOException {
    process =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    LockedProcess.class.getName(),
                    pgData.toString(),
                    pgData.resolveSibling("work-of-the-process").toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.inputReader().readLine()).isEqualTo(expected);
  }

  void signal(String name) throws Exception {
    assertThat(
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor())
        .isZero();
  }

  /// As the kernel does where memory is short.
  void kill() throws Exception {
    signal("KILL");
    awaitEnd();
  }

  void awaitEnd() throws InterruptedException {
    var _ = process.waitFor();
  }

  /// As Kubernetes does.
  void end() throws Exception {
    signal("TERM");
    awaitEnd();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /// Says whether it holds the lock, and keeps it until it is ended.
  public static void main(String... arguments) throws InterruptedException {
    var lock = new VolumeLock(Path.of(arguments[0]), Path.of(arguments[1]));
    Runtime.getRuntime().addShutdownHook(new Thread(lock::close));
    try {
      lock.holdAgain();
      lock.hold();
    } catch (UnavailableException _) {
      System.out.println("refused");
      return;
    }
    System.out.println("held");
    Thread.sleep(Long.MAX_VALUE);
  }
}
