package com.dalibo.pgbackrest.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.program.WorkingTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
