package com.dalibo.pgbackrest.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepositoryFileTest {

  @Test
  void filesAndFoldersAreRead() {
    var files =
        RepositoryFile.parse(
            """
            {".":{"type":"path"},"15-1":{"type":"path"},"archive.info":{"type":"file","size":255,"time":1795394422}}
            """);

    assertThat(files)
        .containsExactly(
            new RepositoryFile("15-1", "path", 0, 0),
            new RepositoryFile("archive.info", "file", 255, 1795394422));
  }
}
