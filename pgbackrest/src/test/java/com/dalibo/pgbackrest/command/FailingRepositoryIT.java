package com.dalibo.pgbackrest.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.error.RepositoryFailure;
import com.dalibo.pgbackrest.info.BackupType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Repositories that do not answer, and such as cannot be read.
@Timeout(180)
class FailingRepositoryIT {
  @RegisterExtension static final CommandStage stage = new CommandStage();

  @Test
  void oneOfTwoRepositoriesMayBeDown() throws Exception {
    var configuration = withBrokenSecond(stage.configuration()).build();
    stage.pgBackRest(configuration.only(1)).stanzaCreate(stage.folder.resolve("lock"));
    var pgBackRest = stage.pgBackRest(configuration);
    var segment = stage.server.switchSegment();
    var name = segment.getFileName().toString();

    var push =
        catchThrowableOfType(PgBackRestException.class, () -> pgBackRest.archivePush(segment));
    var missing =
        catchThrowableOfType(
            PgBackRestException.class,
            () -> pgBackRest.archiveGet("0000000100000000000000FF", stage.folder.resolve("x"), 2));
    pgBackRest.backup(CommandStage.backup(BackupType.FULL, _ -> {}));

    assertThat(push.errorCode()).isEqualTo(ErrorCode.COMMAND);
    assertThat(push.repositories())
        .extracting(RepositoryFailure::repository, RepositoryFailure::errorCode)
        .containsExactly(tuple(2, ErrorCode.HOST_CONNECT));
    assertThat(push.isTransient()).isTrue();
    assertThat(push.getMessage() + configuration).doesNotContain("topsecret");
    assertThat(pgBackRest.archiveGet(name, stage.folder.resolve("found"), 1))
        .isEqualTo(ArchiveGet.FOUND);
    assertThat(missing)
        .hasMessageStartingWith(
            "pgbackrest archive-get failed [103 repo-invalid]: unable to find a valid repository repo2: ");
    assertThat(pgBackRest.archiveGet("0000000100000000000000FF", stage.folder.resolve("x"), 1))
        .isEqualTo(ArchiveGet.NOT_FOUND);
    var stanza = pgBackRest.info().stanza("main").orElseThrow();
    assertThat(stanza.backups(1)).hasSize(1);
    var down = stanza.repository(2).orElseThrow();
    assertThat(down.errorCode()).contains(ErrorCode.HOST_CONNECT);
  }

  /// A second repository that nobody serves.
  private static Configuration.Builder withBrokenSecond(Configuration.Builder builder) {
    return builder
        .repository(2, "type", "s3")
        .repository(2, "path", "/repo")
        .repository(2, "s3-bucket", "bucket")
        .repository(2, "s3-endpoint", "127.0.0.1:9")
        .repository(2, "s3-uri-style", "path")
        .repository(2, "s3-region", "us-east-1")
        .repositorySecret(2, "s3-key", "key")
        .repositorySecret(2, "s3-key-secret", "topsecret")
        .repository(2, "retention-full", "9");
  }

  @Test
  void aWrongCipherPasswordIsAnErrorAndNeverShown() throws Exception {
    stage.pgBackRest(ciphered("right-password")).stanzaCreate(stage.folder.resolve("lock"));
    var segment = stage.server.switchSegment();
    var pgBackRest = stage.pgBackRest(ciphered("wrong-password"));

    var failure =
        catchThrowableOfType(PgBackRestException.class, () -> pgBackRest.archivePush(segment));

    assertThat(failure.errorCode()).isEqualTo(ErrorCode.REPO_INVALID);
    assertThat(failure.isTransient()).isFalse();
    assertThat(failure.getMessage()).doesNotContain("password");
    var repository = pgBackRest.info().stanza("main").orElseThrow().repository(1).orElseThrow();
    assertThat(repository.readable()).isFalse();
  }

  private Configuration ciphered(String password) {
    return stage
        .configuration()
        .repository(1, "cipher-type", "aes-256-cbc")
        .repositorySecret(1, "cipher-pass", password)
        .build();
  }
}
