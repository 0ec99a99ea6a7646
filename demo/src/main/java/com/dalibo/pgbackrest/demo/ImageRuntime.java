package com.dalibo.pgbackrest.demo;

import com.dalibo.pgbackrest.stanza.contract.SidecarEnvironment;
import com.dalibo.pgbackrest.testbed.cnpg.SidecarProcess;
import com.dalibo.pgbackrest.testbed.program.PgBackRestProgram;
import com.dalibo.pgbackrest.testbed.program.WorkingTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/// The Java runtime and the start cache of the sidecar's image, made here the way the image makes
/// them: linked from the same modules, trained by the same run, for the jar of this build.
final class ImageRuntime {
  private static final Pattern LINK = Pattern.compile("jlink --output /opt/jre (.+)");
  private static final Pattern DUMP = Pattern.compile("--dump\\)\\s+cache=\"(.+) \\$2\"");

  private final Path home;
  private final Path cache;

  private ImageRuntime(Path home, Path cache) {
    this.home = home;
    this.cache = cache;
  }

  static ImageRuntime make(Path directory) {
    Path home = directory.resolve("jre");
    List<String> arguments = new ArrayList<>(List.of("--output", home.toString()));
    arguments.addAll(linkOptions(text("images/sidecar/Containerfile")));
    int failed =
        ToolProvider.findFirst("jlink")
            .orElseThrow(() -> new IllegalStateException("this JDK has no jlink"))
            .run(System.out, System.err, arguments.toArray(String[]::new));
    if (failed != 0) {
      throw new IllegalStateException("jlink %s ended with %d".formatted(arguments, failed));
    }
    ImageRuntime runtime = new ImageRuntime(home, directory.resolve("start.aot"));
    runtime.train(directory);
    return runtime;
  }

  /// What the image's build gives to jlink, the place of the result left out.
  static List<String> linkOptions(String containerfile) {
    var command = LINK.matcher(containerfile.replace("\\\n", " "));
    if (!command.find()) {
      throw new IllegalStateException("the Containerfile of the sidecar links no runtime");
    }
    return List.of(command.group(1).strip().split("\\s+"));
  }

  /// What the image's build gives to the JVM that writes the start cache.
  static List<String> dumpOptions(String script, Path start) {
    var command = DUMP.matcher(script);
    if (!command.find()) {
      throw new IllegalStateException("the script of the sidecar writes no start cache");
    }
    return List.of(command.group(1).replace("$start", start.toString()).split("\\s+"));
  }

  Path java() {
    return home.resolve("bin/java");
  }

  String useOfCache() {
    return "-XX:AOTCache=" + cache;
  }

  private void train(Path directory) {
    Path start = directory.resolve("start");
    run(directory, "training", List.of("-XX:DumpLoadedClassList=" + start + ".classes"), "--train");
    run(directory, "dump", dumpOptions(text("images/sidecar/pgbackrest-sidecar"), start));
    if (!Files.exists(cache)) {
      throw new IllegalStateException("no start cache was made: '" + cache + "'");
    }
  }

  private void run(Path directory, String step, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>(List.of(java().toString()));
    command.addAll(SidecarProcess.IMAGE_FLAGS);
    command.add("-Djava.io.tmpdir=" + directory);
    command.addAll(options);
    command.addAll(List.of("-jar", SidecarProcess.jar().toString()));
    command.addAll(List.of(arguments));
    Path log = directory.resolve(step + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    builder.environment().put(SidecarEnvironment.PROGRAM, PgBackRestProgram.path().toString());
    try {
      int exit = builder.start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException(
            "the %s of the sidecar ended with %d:\n%s"
                .formatted(step, exit, Files.readString(log)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String text(String file) {
    try {
      return Files.readString(WorkingTree.root().resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
