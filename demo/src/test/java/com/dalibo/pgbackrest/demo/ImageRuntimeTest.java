package com.dalibo.pgbackrest.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ImageRuntimeTest {
  @Test
  void theRuntimeIsLinkedWithTheOptionsOfTheImageAndPutElsewhere() {
    var containerfile =
        """
        FROM jdk AS java
        RUN PATH=$PATH:/opt/bin && jlink --output /opt/jre --no-man-pages \\
          --add-modules java.base,java.net.http

        FROM debian
        """;

    assertThat(ImageRuntime.linkOptions(containerfile))
        .containsExactly("--no-man-pages", "--add-modules", "java.base,java.net.http");
  }

  @Test
  void theStartCacheIsWrittenWithTheOptionsOfTheImageAndPutElsewhere() {
    var script =
        """
        case ${1:-} in
          # Nothing is collected.
          --dump)
            cache="-Xshare:dump -XX:SharedArchiveFile=$start.aot -Xms64m $2" work=/tmp
            ;;
        esac
        """;

    assertThat(ImageRuntime.dumpOptions(script, Path.of("/there/start")))
        .containsExactly("-Xshare:dump", "-XX:SharedArchiveFile=/there/start.aot", "-Xms64m");
  }
}
