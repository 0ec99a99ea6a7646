package com.dalibo.pgbackrest.demo;

import static org.assertj.core.api.Assertions.assertThat;

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
}
