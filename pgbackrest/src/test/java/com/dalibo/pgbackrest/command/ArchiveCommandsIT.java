package com.dalibo.pgbackrest.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.dalibo.pgbackrest.error.PgBackRestException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// WAL that is pushed and fetched.
@Timeout(180)
class ArchiveCommandsIT {
  @RegisterExtension static final CommandStage stage = new CommandStage();

  @Test
  void aSegmentIsPushedOnceTwiceAndFetched() throws Exception {
    var pgBackRest = stage.withStanza();
    var segment = stage.server.switchSegment();

    pgBackRest.archivePush(segment);
    var again = pgBackRest.archivePush(segment);

    assertThat(again.dropped()).isFalse();
    var fetched = stage.folder.resolve("fetched");
    assertThat(pgBackRest.archiveGet(segment.getFileName().toString(), fetched, 1))
        .isEqualTo(ArchiveGet.FOUND);
    assertThat(fetched).hasSameBinaryContentAs(segment);
    assertThat(pgBackRest.archiveGet("0000000100000000000000FF", stage.folder.resolve("none"), 1))
        .isEqualTo(ArchiveGet.NOT_FOUND);
    try (var files = Files.list(stage.folder)) {
      assertThat(files.map(file -> file.getFileName().toString()).sorted())
          .containsExactly("fetched", "lock", "pgbackrest.conf", "repo1");
    }
  }

  @Test
  void otherContentUnderTheSameNameIsRefused() throws Exception {
    var pgBackRest = stage.withStanza();
    var first = stage.server.switchSegment();
    var second = stage.server.switchSegment();
    pgBackRest.archivePush(first);
    var foreign = stage.folder.resolve(first.getFileName());
    Files.copy(second, foreign);

    var failure =
        catchThrowableOfType(PgBackRestException.class, () -> pgBackRest.archivePush(foreign));

    assertThat(failure)
        .hasMessage(
            "pgbackrest archive-push failed [45 archive-duplicate]: WAL file '%s' already exists in the repo1 archive with a different checksum"
                .formatted(first.getFileName()));
    assertThat(failure.isTransient()).isFalse();
  }

  @Test
  void aTruncatedSegmentIsTakenByPgBackRestSoCallersHaveToCheckTheSize() throws Exception {
    var pgBackRest = stage.withStanza();
    var segment = stage.server.switchSegment();
    var truncated = stage.folder.resolve(segment.getFileName());
    Files.copy(segment, truncated);
    try (var channel = FileChannel.open(truncated, StandardOpenOption.WRITE)) {
      channel.truncate(8 << 20);
    }

    assertThat(pgBackRest.archivePush(truncated).dropped()).isFalse();
  }

  @Test
  void aFileThatIsNotMarkedReadyIsPushedWhileWeWaitInAsyncModeToo() throws Exception {
    var pgBackRest = stage.pgBackRest(stage.configuration().global("archive-async", "y").build());
    pgBackRest.stanzaCreate(stage.folder.resolve("lock"));
    var segment = stage.server.switchSegment();

    pgBackRest.archivePush(segment);

    assertThat(
            pgBackRest.archiveGet(segment.getFileName().toString(), stage.folder.resolve("x"), 1))
        .isEqualTo(ArchiveGet.FOUND);
  }

  @Test
  void aFileThatIsMarkedReadyIsPushedAsynchronously() throws Exception {
    var pgBackRest = stage.pgBackRest(stage.configuration().global("archive-async", "y").build());
    pgBackRest.stanzaCreate(stage.folder.resolve("lock"));
    var segment = stage.server.switchSegment();

    var push = pushReady(pgBackRest, segment);

    assertThat(push.dropped()).isFalse();
    assertThat(stage.folder.resolve("spool/archive/main/out")).isDirectory();
    assertThat(
            pgBackRest.archiveGet(segment.getFileName().toString(), stage.folder.resolve("x"), 1))
        .isEqualTo(ArchiveGet.FOUND);
  }

  @Test
  void whatTheQueueLimitDropsIsSeen() throws Exception {
    var pgBackRest =
        stage.pgBackRest(stage.configuration().global("archive-push-queue-max", "1KiB").build());
    pgBackRest.stanzaCreate(stage.folder.resolve("lock"));
    var segment = stage.server.switchSegment();

    var push = pushReady(pgBackRest, segment);

    assertThat(push.dropped()).isTrue();
  }

  /// Pushes a segment that PostgreSQL has marked as ready.
  private static ArchivePush pushReady(PgBackRest pgBackRest, Path segment) throws Exception {
    var ready =
        Files.createFile(
            stage.server.data.resolve("pg_wal/archive_status/" + segment.getFileName() + ".ready"));
    var push = pgBackRest.archivePush(segment);
    Files.deleteIfExists(ready);
    return push;
  }
}
