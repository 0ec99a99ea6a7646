package com.dalibo.pgbackrest.testbed.cnpg;

import com.dalibo.pgbackrest.cnpgi.PluginChannel;
import com.dalibo.pgbackrest.cnpgi.proto.identity.IdentityGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.identity.ProbeRequest;
import com.dalibo.pgbackrest.testbed.program.ExitHook;
import com.dalibo.pgbackrest.testbed.program.ProgramLog;
import com.dalibo.pgbackrest.testbed.program.WorkingTree;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The packaged sidecar as a process of its own, with the environment that a pod gives it and
/// nothing else.
public final class SidecarProcess implements AutoCloseable {
  /// The Java machine's settings in the image, all but the start cache.
  public static final List<String> IMAGE_FLAGS = imageFlags();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final ProgramLog log;
  private final Duration start;
  private final ExitHook hook = ExitHook.register(this::end);

  private SidecarProcess(Process process, ProgramLog log, Path socket, long startedAt) {
    this.process = process;
    this.log = log;
    awaitProbe(socket);
    this.start = Duration.ofNanos(System.nanoTime() - startedAt);
  }

  private static List<String> imageFlags() {
    Path script = WorkingTree.root().resolve("images/sidecar/pgbackrest-sidecar");
    try {
      String text = Files.readString(script).replace("\\\n", " ");
      String command = text.substring(text.indexOf("bin/java ") + "bin/java ".length());
      return List.of(
          command.substring(0, command.indexOf("-Djava.io.tmpdir")).strip().split("\\s+"));
    } catch (IOException e) {
      throw new UncheckedIOException("'" + script + "' says how the sidecar is started", e);
    }
  }

  /// The jar named by the system property `sidecar.jar`, else the one this repository builds.
  public static Path jar() {
    @Nullable String given = System.getProperty("sidecar.jar");
    Path jar =
        given == null ? WorkingTree.root().resolve("sidecar/target/sidecar.jar") : Path.of(given);
    if (!Files.exists(jar)) {
      throw new IllegalStateException(
          "'" + jar + "' does not exist: './mvnw -pl sidecar -am package' builds it");
    }
    return jar;
  }

  /// Starts it with the image's settings and waits until it answers a Probe.
  public static SidecarProcess start(Pod pod, Map<String, String> environment) {
    return start(pod, environment, IMAGE_FLAGS);
  }

  public static SidecarProcess start(
      Pod pod, Map<String, String> environment, List<String> jvmFlags) {
    return start(
        pod, environment, Path.of(System.getProperty("java.home"), "bin", "java"), jvmFlags);
  }

  /// Starts it with another Java machine than the one that runs this.
  public static SidecarProcess start(
      Pod pod, Map<String, String> environment, Path java, List<String> jvmFlags) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(jvmFlags);
    Path work = pod.workDirectory();
    ProgramLog log = new ProgramLog(pod.directory().resolve("sidecar.log"));
    command.add("-Djava.io.tmpdir=" + work);
    command.addAll(List.of("-jar", jar().toString()));
    try {
      Files.createDirectories(work);
      // One that was killed leaves its socket behind; without this its successor seems to answer.
      Files.deleteIfExists(pod.pluginSocket());
      ProcessBuilder builder = log.program(command);
      builder.environment().clear();
      builder.environment().putAll(environment);
      builder.environment().put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
      builder.environment().put("MALLOC_ARENA_MAX", "1");
      long startedAt = System.nanoTime();
      return new SidecarProcess(builder.start(), log, pod.pluginSocket(), startedAt);
    } catch (IOException e) {
      throw new UncheckedIOException("the sidecar cannot be started", e);
    }
  }

  private void awaitProbe(Path socket) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!answers(socket)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        end();
        throw new IllegalStateException("the sidecar does not answer:\n" + log());
      }
      try {
        Thread.sleep(Duration.ofMillis(2));
      } catch (InterruptedException e) {
        end();
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private static boolean answers(Path socket) {
    if (!Files.exists(socket)) {
      return false;
    }
    ManagedChannel channel = PluginChannel.onUnixSocket(socket);
    try {
      return IdentityGrpc.newBlockingStub(channel)
          .withDeadlineAfter(5, TimeUnit.SECONDS)
          .probe(ProbeRequest.getDefaultInstance())
          .getReady();
    } catch (StatusRuntimeException e) {
      return false;
    } finally {
      channel.shutdownNow();
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /// From the start of the process to the first answered Probe.
  public Duration startDuration() {
    return start;
  }

  /// Asks it to stop, as the kubelet does, and returns its exit code.
  public int terminate(Duration patience) {
    process.destroy();
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the sidecar still runs after " + patience + ":\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Asks it to stop and does not wait.
  public void signal() {
    process.destroy();
  }

  /// Kills it, as the kernel does when memory is short. In a pod its children die with it; here
  /// they go on unless it left them none.
  public void kill() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Everything it has printed; the sidecars of one pod share a log.
  public String log() {
    return log.text();
  }

  @Override
  public void close() {
    end();
    hook.withdraw();
  }

  private void end() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }
}
