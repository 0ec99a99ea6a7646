package com.dalibo.pgbackrest.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.program.WorkingTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The start caches of the images: anybody who builds them gets the same bytes.
class StartCacheTest {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @TempDir private Path directory;

  @Test
  void twoCachesOfTheSameClassesAreTheSame() throws Exception {
    var first = make("first", "java/lang/Object id: 0\njava/util/TreeMap id: 1\n");
    var second = make("second", "java/util/TreeMap id: 0\njava/lang/Object id: 4\n");

    assertThat(second.resolve("start.aot"))
        .hasSameBinaryContentAs(first.resolve("start.aot"))
        .isNotEmptyFile();
    assertThat(first.resolve("start.classes")).hasContent("java/lang/Object\njava/util/TreeMap");
  }

  @Test
  void theJvmAcceptsTheChecksumsOfACache() throws Exception {
    var cache = make("cache", "java/lang/Object id: 0\n").resolve("start.aot");

    assertThat(
            run(
                JAVA,
                "-XX:SharedArchiveFile=" + cache,
                "-Xshare:on",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:+VerifySharedSpaces",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-version"))
        .contains("sharing")
        .doesNotContain("error");
  }

  @Test
  void aMapOfAnotherCacheIsRefused() throws Exception {
    var map = directory.resolve("map.log");
    Files.writeString(map, "[header 0 - 1 2 bytes]\n");
    var cache = Files.write(directory.resolve("start.aot"), new byte[64]);

    assertThat(
            run(
                JAVA,
                WorkingTree.root().resolve("images/SteadyStartCache.java").toString(),
                cache.toString(),
                map.toString()))
        .contains(
            "the map of the cache names no objects with times: a JVM with another format, which"
                + " this program does not know");
  }

  /// Of another program or Java machine, written in part, or not there.
  @ParameterizedTest
  @CsvSource({
    "images/sidecar/pgbackrest-sidecar, sidecar.jar",
    "images/controller/pgbackrest-controller, operator.jar"
  })
  void aCacheThatDoesNotFitCostsTimeAndNoMore(String script, String jar) throws Exception {
    var other = make("other", "java/lang/Object id: 0\njava/util/TreeMap id: 1\n");
    var whole = Files.readAllBytes(other.resolve("start.aot"));
    var program = program(script, jar);
    var cache = directory.resolve("start.aot");

    assertThat(run(program)).contains("it starts");
    for (var content :
        List.of(
            new byte[0],
            "no cache".getBytes(StandardCharsets.UTF_8),
            new byte[100_000],
            Arrays.copyOf(whole, 100_000),
            Arrays.copyOf(whole, whole.length - 1),
            whole)) {
      Files.write(cache, content);
      assertThat(run(program)).as("a cache of %d bytes", content.length).contains("it starts");
    }
    Files.delete(cache);
    Files.createDirectory(cache);
    assertThat(run(program)).contains("it starts");
  }

  /// The script of an image with the Java machine of this test and another program.
  private String program(String script, String jar) throws IOException {
    var source = directory.resolve("Started.java");
    Files.writeString(
        source, "class Started { static void main() { IO.println(\"it starts\"); } }");
    tool("javac", "-d", directory.toString(), source.toString());
    tool(
        "jar",
        "--create",
        "--file",
        directory.resolve(jar).toString(),
        "--main-class",
        "Started",
        "-C",
        directory.toString(),
        "Started.class");
    var program = directory.resolve("program");
    Files.writeString(
        program,
        Files.readString(WorkingTree.root().resolve(script))
            .replaceAll("/opt/(sidecar|controller)\\b", directory.toString())
            .replace("/opt/jre", System.getProperty("java.home"))
            .replace("/controller/tmp", directory.resolve("work").toString()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program.toString();
  }

  private static void tool(String name, String... arguments) {
    assertThat(ToolProvider.findFirst(name).orElseThrow().run(System.out, System.err, arguments))
        .isZero();
  }

  /// Lists those classes and writes their cache with the JVM of this test.
  private Path make(String name, String classes) throws Exception {
    var made = Files.createDirectory(directory.resolve(name));
    Files.writeString(made.resolve("start.classes"), classes);
    var program = made.resolve("program");
    Files.writeString(
        program,
        """
        #!/bin/sh
        exec %s -XX:+UseSerialGC -Xmx64m -XX:+UnlockDiagnosticVMOptions -Xshare:dump -XX:SharedClassListFile=%s/start.classes \
        -XX:SharedArchiveFile=%s/start.aot -XX:+AOTClassLinking -XX:SoftRefLRUPolicyMSPerMB=1000000000 -Xlog:disable -Xlog:all=error:stderr "$2"
        """
            .formatted(JAVA, made, made));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    var said =
        run(
            WorkingTree.root().resolve("images/start-cache").toString(),
            program.toString(),
            JAVA,
            made.toString());
    assertThat(said).isEmpty();
    return made;
  }

  private String run(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true);
    process.environment().remove("JAVA_TOOL_OPTIONS");
    var started = process.start();
    var said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    started.waitFor();
    return said;
  }
}
