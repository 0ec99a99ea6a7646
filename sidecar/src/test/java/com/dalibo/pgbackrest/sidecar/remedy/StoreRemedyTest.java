package com.dalibo.pgbackrest.sidecar.remedy;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.TransientError;
import com.dalibo.pgbackrest.sidecar.GeneratedPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreRemedyTest {

  private static final GeneratedPage PAGE =
      new GeneratedPage(Path.of("../docs/how-to/repositories.md"));

  private static final String NO_BUCKET =
      """
      WAL file '000000010000000000000001' is not yet in repository 1: HTTP request failed with 404 (Not Found):
      *** Path/Query ***:
      GET /demmo/?list-type=2
      *** Request Headers ***:
      authorization: <redacted>
      host: s3.example.com
      *** Response Headers ***:
      date: Mon, 23 Nov 2026 02:13:46 GMT
      *** Response Content ***:
      <Error><Code>NoSuchBucket</Code></Error>
      HINT: a hint that follows""";

  @ParameterizedTest
  @EnumSource
  void theFirstRowThatFitsIsTheRightOneInSeveralLinesAndInOne(StoreRemedy remedy) {
    assertThat(StoreRemedy.find(StoreAnswer.brief(StoreAnswerExample.of(remedy)))).contains(remedy);
    assertThat(
            StoreRemedy.find(StoreAnswer.brief(StoreAnswerExample.of(remedy).replace('\n', ' '))))
        .contains(remedy);
    assertThat(StoreRemedy.of(StoreAnswerExample.of(remedy)))
        .doesNotContain("***", "RequestId", "\n", "%s", "authorization: ")
        .contains(StoreRemedy.REMEDY);
  }

  @Test
  void thePageHasEachRemedyAndWhetherTheFailureMayPass() throws IOException {
    var table =
        Arrays.stream(StoreRemedy.values())
            .map(
                remedy ->
                    "| %s | %s | %s |\n"
                        .formatted(
                            cell(StoreAnswer.brief(StoreAnswerExample.of(remedy))),
                            cell(remedy.words().replace("'%s'", "the file")),
                            mayPass(StoreAnswerExample.of(remedy)) ? "yes" : "no"))
            .collect(
                Collectors.joining(
                    "",
                    "| message, for example | remedy | may pass by itself |\n| --- | --- | --- |\n",
                    ""));
    PAGE.matchesPart("StoreRemedyTest", "remedies", table);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<redacted>", "...");
  }

  /// As pgBackRest's error, which stands in brackets before its text; a crash has none.
  private static boolean mayPass(String example) {
    if (!example.startsWith("[")) {
      return TransientError.of(ErrorCode.KILLED, example);
    }
    var name = example.substring(1, example.indexOf(']'));
    return TransientError.of(ErrorCode.ofName(name).orElseThrow(), example);
  }

  @Test
  void aMissingBucketIsToldWithoutHeadersAndWithTheRemedy() {
    var told =
        "WAL file '000000010000000000000001' is not yet in repository 1: HTTP request failed with 404 (Not Found):"
            + " GET /demmo/?list-type=2: NoSuchBucket HINT: a hint that follows; remedy: there is no such bucket at"
            + " this endpoint: create it, or correct 'bucket' or 'endpoint' in the Stanza";

    assertThat(StoreRemedy.of(NO_BUCKET)).isEqualTo(told);
    assertThat(StoreRemedy.of(NO_BUCKET.replace('\n', ' '))).isEqualTo(told);
  }

  @Test
  void anArchiveThatHasLostItsInfoIsToldWithTheRemedyAndNoHintsForACommandLine() {
    assertThat(StoreRemedy.of(StoreAnswerExample.of(StoreRemedy.INFO_MISSING)))
        .endsWith(
            "archive.info.copy' for read HINT: archive.info cannot be opened but is required to push/get WAL"
                + " segments.; remedy: 'archive/main/archive.info' and its copy are not in the repository: correct"
                + " 'repoPath' in the Stanza if it is elsewhere; if they were deleted, restore them from an earlier"
                + " version in the store, or give this repository another 'repoPath' and take a full backup");
  }

  @Test
  void theClockIsToldAndNotTheKeyWhereAzureSaysSo() {
    assertThat(
            StoreRemedy.of(
                StoreAnswerExample.exchange(403, "Forbidden", "GET /backups?comp=list")
                    + "<Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the request.\nRequestId:7</Message>"
                    + "<AuthenticationErrorDetail>Request date header too old: 'Sat, 28 Nov 2026 00:00:00 GMT'</AuthenticationErrorDetail></Error>"))
        .endsWith(
            "AuthenticationFailed: Server failed to authenticate the request.: Request date header too old; remedy: the"
                + " clock of this node differs from the store's: synchronise it (NTP); the credentials are not the cause");
  }

  @Test
  void theClockIsToldAndNotTheKeyWhereGoogleSaysSo() {
    assertThat(
            StoreRemedy.of(
                "unable to get authentication token: [invalid_grant] Invalid JWT: Token must be a short-lived token (60"
                    + " minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim."))
        .contains("; remedy: the clock of this node differs from the store's");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP request failed with 403 (Forbidden): *** Path/Query ***: DELETE /backups/r/x *** Response Content ***: <Error><Code>AuthorizationPermissionMismatch</Code></Error>",
        "HTTP request failed with 403 (Forbidden): *** Path/Query ***: POST /demo/?delete= *** Response Content ***: <Error><Code>AccessDenied</Code></Error>",
        "unable to remove file '/r/x': [AccessDenied] Access Denied"
      })
  void whoMayNotDeleteIsToldWhichPermissionIsMissing(String words) {
    assertThat(StoreRemedy.of(words))
        .contains("; remedy: the credentials may not delete: allow s3:DeleteObject");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<Error><Code>AllAccessDisabled</Code><Message>All access to this object has been disabled</Message></Error>",
        "<Error><Code>AccountIsDisabled</Code><Message>The specified account is disabled.</Message></Error>",
        "<Error><Code>AccountProblem</Code><Message>There is a problem with your AWS account</Message></Error>"
      })
  void anAccountThatIsDisabledIsNotBlamedOnTheCredentials(String answer) {
    assertThat(
            StoreRemedy.of(
                StoreAnswerExample.exchange(
                        403, "Forbidden", "GET /demo/r/archive/main/archive.info")
                    + answer))
        .contains("; remedy: the account of the store is disabled or has no valid billing");
  }

  @Test
  void anErrorOfTheTokenServiceThatPassesIsNotBlamedOnTheRole() {
    assertThat(StoreRemedy.of(StoreAnswerExample.sts("ServiceUnavailable", "try again")))
        .doesNotContain("; remedy: ");
  }

  @Test
  void anAnswerIsToldByItsCodeAndMessageAndOnce() {
    assertThat(
            StoreRemedy.of(
                """
                archive-push command encountered error(s): repo1: [ProtocolError] unable to load: HTTP request failed with 403 (Forbidden):
                *** Path/Query ***:
                GET /demo/archive.info
                *** Request Headers ***:
                host: s3
                *** Response Headers ***:
                x-amz-request-id: 1
                *** Response Content ***:
                <?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Not for you.</Message><RequestId>1</RequestId></Error>
                GET /demo/archive.info.copy
                x-amz-request-id: 2
                </StringToSign><RequestId>2</RequestId></Error>
                repo2: [HostConnectError] unable to connect to 's3:443'; HINT: a hint"""))
        .startsWith(
            "archive-push command encountered error(s): repo1: [ProtocolError] unable to load: HTTP request failed"
                + " with 403 (Forbidden): GET /demo/archive.info: AccessDenied: Not for you. repo2: [HostConnectError]"
                + " unable to connect to 's3:443'; HINT: a hint; remedy: the credentials may not read this object");
  }

  @Test
  void whatCannotBeDecryptedIsNotCited() {
    assertThat(StoreRemedy.of(StoreAnswerExample.of(StoreRemedy.OTHER_PASSWORD)))
        .startsWith("[FormatError] key/value found outside of section at line 1; remedy: ")
        .endsWith("correct the Secret that 'cipherConfig.encryptionPass' names, or 'cipherConfig'");
    assertThat(StoreRemedy.of("[FileReadError] one\nbad \u0007 line\n  two"))
        .isEqualTo("[FileReadError] one two");
  }

  /// As pgBackRest 2.60 tells each way to damage a backup, with each compression and with a cipher.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[29 format]: raised from local-2 protocol: zst error: [-20] Data corruption detected [FormatError] on 2 retries from 757-16154ms: zst error: [-20] Data corruption detected",
        "[29 format]: raised from local-1 protocol: zst error: [-10] Unknown frame descriptor",
        "[29 format]: raised from local-1 protocol: lz4 error: [-18] ERROR_contentChecksum_invalid",
        "[29 format]: raised from local-1 protocol: zlib threw error: [-3] data error",
        "[29 format]: raised from local-1 protocol: bz2 error: [-5] data error magic",
        "[29 format]: raised from local-1 protocol: unexpected eof in compressed data",
        "[95 crypto]: raised from local-1 protocol: cipher header invalid",
        "[95 crypto]: raised from local-1 protocol: cipher header missing",
        "[95 crypto]: raised from local-1 protocol: unable to flush",
        "[55 file-missing]: raised from local-1 protocol: unable to open missing file '/r/backup/main/20261130-160919F/pg_data/base/5/16384.zst' for read",
        "[26 checksum]: raised from local-1 protocol: error restoring '/out/base/5/16384': actual checksum '0a3a' does not match expected checksum '1913'",
        "[29 format]: unable to load backup manifest file '/r/backup/main/20261130-160919F/backup.manifest' or '/r/backup/main/20261130-160919F/backup.manifest.copy': FormatError: invalid JSON value at line 1055",
        "[26 checksum]: unable to load backup manifest file '/r/backup/main/20261130-160919F/backup.manifest' or '/r/backup/main/20261130-160919F/backup.manifest.copy': ChecksumError: invalid checksum, actual '8a45' but no checksum found",
        "[95 crypto]: unable to load backup manifest file '/r/backup/main/20261130-160919F/backup.manifest' or '/r/backup/main/20261130-160919F/backup.manifest.copy': CryptoError: unable to flush HINT: is or was the repo encrypted?",
        "[55 file-missing]: unable to load backup manifest file '/r/backup/main/20261130-160919F/backup.manifest' or '/r/backup/main/20261130-160919F/backup.manifest.copy': FileMissingError: unable to open missing file '/r/backup/main/20261130-160919F/backup.manifest' for read"
      })
  void aDamagedBackupHasItsRemedyHoweverItIsDamaged(String words) {
    assertThat(StoreRemedy.find("pgbackrest restore failed " + words))
        .contains(StoreRemedy.BACKUP_DAMAGED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[29 format]: raised from local-1 protocol: zst error: [-64] Allocation error : not enough memory",
        "[55 file-missing]: raised from local-1 protocol: unable to open missing file '/var/lib/postgresql/data/pgdata/base/1/2' for read",
        "[49 host-connect]: unable to load backup manifest file '/r/backup/main/1F/backup.manifest' or '/r/backup/main/1F/backup.manifest.copy': HostConnectError: unable to connect to 's3:443'",
        "[95 crypto]: unable to load backup manifest file '/r/backup/main/1F/backup.manifest' or '/r/backup/main/1F/backup.manifest.copy': CryptoError: unable to verify certificate presented by 's3:443': [10] certificate has expired"
      })
  void whatHindersTheReadingIsNoDamage(String words) {
    assertThat(StoreRemedy.find("pgbackrest restore failed " + words))
        .isNotEqualTo(Optional.of(StoreRemedy.BACKUP_DAMAGED));
  }

  @Test
  void aRemedyIsToldOnce() {
    var told = StoreRemedy.of("[HostConnectError] unable to connect to 's3:443'");

    assertThat(StoreRemedy.of("whether repository 1 has an archive is unknown: " + told))
        .isEqualTo("whether repository 1 has an archive is unknown: " + told);
  }

  @Test
  void otherTextStaysAsItIs() {
    assertThat(StoreRemedy.of("the cluster 'demo' does not archive here"))
        .isEqualTo("the cluster 'demo' does not archive here");
  }
}
