package com.dalibo.pgbackrest.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.dalibo.pgbackrest.Captured;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PgBackRestExceptionTest {

  @Test
  void theMessageIsASentenceWithErrorAndHint() {
    var failure = PgBackRestException.of("archive-push", Captured.output(103, Captured.NO_STANZA));

    assertThat(failure)
        .hasMessage(
            "pgbackrest archive-push failed [103 repo-invalid]: unable to find a valid repository: "
                + "repo1: [FileMissingError] unable to load info file '/repo1/archive/main/archive.info' or '/repo1/archive/main/archive.info.copy': "
                + "FileMissingError: unable to open missing file '/repo1/archive/main/archive.info' for read "
                + "FileMissingError: unable to open missing file '/repo1/archive/main/archive.info.copy' for read; "
                + "HINT: archive.info cannot be opened but is required to push/get WAL segments. has a stanza-create been performed?");
    assertThat(failure.errorCode()).isEqualTo(ErrorCode.REPO_INVALID);
    assertThat(failure.repositories())
        .extracting(RepositoryFailure::repository, RepositoryFailure::errorCode)
        .containsExactly(tuple(1, ErrorCode.FILE_MISSING));
    assertThat(failure.isTransient()).isFalse();
  }

  @Test
  void theRepositoryThatFailedIsKnown() {
    var failure =
        PgBackRestException.of("archive-push", Captured.output(104, Captured.ONE_REPOSITORY_DOWN));

    assertThat(failure.repositories())
        .extracting(RepositoryFailure::repository, RepositoryFailure::errorCode)
        .containsExactly(tuple(2, ErrorCode.HOST_CONNECT));
    assertThat(failure.isTransient()).isTrue();
  }

  @Test
  void whatWasOnlyWarnedOfIsPartOfTheMessageWhenEveryRepositoryFailed() {
    var failure =
        PgBackRestException.of("archive-get", Captured.output(103, Captured.WARNED_AND_FAILED));

    assertThat(failure)
        .hasMessage(
            "pgbackrest archive-get failed [103 repo-invalid]: unable to find a valid repository "
                + "repo2: unable to load info file '/r/archive/main/archive.info' or '/r/archive/main/archive.info.copy': "
                + "HostConnectError: unable to get address for 'b.localhost': [-2] Name or service not known");
    assertThat(failure.isTransient()).isTrue();
  }

  @Test
  void aBackupThatIsNotValidBecauseItsListCannotBeReadHasThatCauseAndMayPass() {
    var failure =
        PgBackRestException.of(
            "restore",
            Captured.output(
                75,
                """
                WARN: repo1: [ServiceError] unable to load info file '/r/backup/main/backup.info' or '/r/backup/main/backup.info.copy':
                      ServiceError: [503] Slow Down
                      [ServiceError] on 6 retries from 149-2051ms: [503] Slow Down
                      HINT: backup.info cannot be opened and is required to perform a backup.
                      HINT: has a stanza-create been performed?
                ERROR: [075]: backup set 20261130-200052F is not valid
                """));

    assertThat(failure)
        .hasMessage(
            "pgbackrest restore failed [75 backup-set-invalid]: backup set 20261130-200052F is not valid "
                + "repo1: unable to load info file '/r/backup/main/backup.info' or '/r/backup/main/backup.info.copy': "
                + "ServiceError: [503] Slow Down [ServiceError] on 6 retries from 149-2051ms: [503] Slow Down");
    assertThat(failure.isTransient()).isTrue();
  }

  @Test
  void whyAHostCouldNotBeWorkedWithIsPartOfTheMessage() {
    var failure =
        PgBackRestException.of(
            "backup",
            Captured.output(
                56,
                """
                WARN: unable to check pg2: [HostConnectError] unable to connect to '10.0.0.1:8432': [111] Connection refused
                          [HostConnectError] on 11 retries from 105-30000ms: unable to connect to '10.0.0.1:8432'
                ERROR: [056]: unable to find primary cluster - cannot proceed
                       HINT: are all available clusters in recovery?
                """));

    assertThat(failure)
        .hasMessage(
            "pgbackrest backup failed [56 db-connect]: unable to find primary cluster - cannot proceed "
                + "unable to check pg2: [HostConnectError] unable to connect to '10.0.0.1:8432': [111] Connection refused; "
                + "HINT: are all available clusters in recovery?");
  }

  @Test
  void aProgramThatSaysNothingIsReportedByItsExitCode() {
    var failure = PgBackRestException.of("backup", Captured.output(137, ""));

    assertThat(failure)
        .hasMessage(
            "pgbackrest backup failed [137 killed]: it was killed, possibly because memory ran out; check the memory limit");
    assertThat(failure.isTransient()).isTrue();
  }

  @Test
  void aProgramThatCrashedDidNotRunOutOfMemory() {
    assertThat(PgBackRestException.of("stanza-create", Captured.output(139, "")))
        .hasMessage(
            "pgbackrest stanza-create failed [139 killed]: it crashed with signal 11, a fault of"
                + " pgBackRest: try another version of it, or report it");
  }

  @Test
  void theHeadersOfAnAnswerDoNotSayThatItMayPass() {
    var failure =
        PgBackRestException.of(
            "info",
            Captured.output(
                39,
                """
                ERROR: [039]: HTTP request failed with 404 (Not Found):
                       *** Response Headers ***:
                       keep-alive: timeout=5
                       *** Response Content ***:
                       <Error><Code>ContainerNotFound</Code></Error>
                """));

    assertThat(failure.isTransient()).isFalse();
  }

  @Test
  void theComplaintsOfTheLoaderAreTheReasonWhenThereIsNoOther() {
    var failure =
        PgBackRestException.of(
            "info", Captured.output(127, "pgbackrest: error while loading shared libraries\n"));

    assertThat(failure)
        .hasMessage(
            "pgbackrest info failed [127 other]: pgbackrest: error while loading shared libraries");
  }

  @ParameterizedTest
  @CsvSource({
    "39, HTTP request failed with 403 (Forbidden), false",
    "39, HTTP request failed with 503 (Service Unavailable), true",
    "42, unexpected eof while reading line, true",
    "42, unable to read '/x': [21] Is a directory, false",
    "41, unable to open file '/x' for read: [13] Permission denied, false",
    "41, unable to open file '/x' for read: [116] Stale file handle, true",
    "45, already exists in the repo1 archive with a different checksum, false",
    "49, unable to connect, true",
    "50, unable to acquire lock, true",
    "82, unable to push WAL file asynchronously after 60 second(s), true",
    "95, unable to verify certificate, false",
    "101, timeout during libssh2 handshake [-37], true",
    "101, public key authentication failed: libssh2 error [-18], false",
    "101, known hosts failure: 'h' mismatch in known hosts files, false"
  })
  void someErrorsMayPass(int code, String text, boolean passing) {
    var failure =
        PgBackRestException.of(
            "archive-push", Captured.output(code, "ERROR: [%03d]: %s".formatted(code, text)));

    assertThat(failure.isTransient()).isEqualTo(passing);
  }
}
