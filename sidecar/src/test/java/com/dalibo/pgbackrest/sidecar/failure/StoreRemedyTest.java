package com.dalibo.pgbackrest.sidecar.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StoreRemedyTest {

  private static final String REFUSAL =
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

  @Test
  void aBucketThatIsMissingIsToldWithoutHeadersAndWithTheRemedy() {
    assertThat(StoreRemedy.of(REFUSAL))
        .isEqualTo(
            """
            WAL file '000000010000000000000001' is not yet in repository 1: HTTP request failed with 404 (Not Found):
            GET /demmo/?list-type=2: NoSuchBucket
            HINT: a hint that follows; remedy: there is no such bucket at this endpoint: create it, or correct\
             'bucket' or 'endpoint' in the Stanza""");
  }

  @Test
  void theSameInOneLineLosesItsHeadersToo() {
    assertThat(StoreRemedy.of(REFUSAL.replace('\n', ' ')))
        .contains(
            "(Not Found): GET /demmo/?list-type=2: NoSuchBucket HINT: a hint that follows; remedy: ");
  }

  @Test
  void anArchiveThatHasLostItsInfoIsToldWithTheRemedyAndNoHintsForACommandLine() {
    assertThat(
            StoreRemedy.of(
                """
                unable to load info file '/r/archive/main/archive.info' or '/r/archive/main/archive.info.copy':
                FileMissingError: unable to open missing file '/r/archive/main/archive.info.copy' for read
                HINT: archive.info cannot be opened but is required to push/get WAL segments.
                HINT: is archive_command configured correctly in postgresql.conf?
                HINT: has a stanza-create been performed?
                HINT: use --no-archive-check to disable archive checks during backup if you have an alternate archiving scheme."""))
        .isEqualTo(
            """
            unable to load info file '/r/archive/main/archive.info' or '/r/archive/main/archive.info.copy':
            FileMissingError: unable to open missing file '/r/archive/main/archive.info.copy' for read
            HINT: archive.info cannot be opened but is required to push/get WAL segments.; remedy:\
             'archive/main/archive.info' and its copy are not in the repository: correct 'repoPath' in the Stanza\
             if it is elsewhere; if they were deleted, bring them back from an earlier version in the store, or give\
             this repository another 'repoPath' and take a full backup""");
  }

  @Test
  void aHostThatIsUnknownIsToldWithTheRemedy() {
    assertThat(StoreRemedy.of("[HostConnectError] unable to get address for 's33': [-2] unknown"))
        .endsWith("correct 'endpoint' in the Stanza, or see that the store and DNS run");
  }

  @Test
  void aSecretKeyThatIsWrongIsToldWithoutTheSignature() {
    assertThat(
            StoreRemedy.of(
                "<Code>SignatureDoesNotMatch</Code><StringToSign>AWS4\n2026</StringToSign><RequestId>1</RequestId>"))
        .startsWith("<Code>SignatureDoesNotMatch</Code>; remedy: ")
        .endsWith("correct the Secret that 'secretRef.secretAccessKey' names");
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
        .isEqualTo(
            """
            archive-push command encountered error(s): repo1: [ProtocolError] unable to load: HTTP request failed with 403 (Forbidden):
            GET /demo/archive.info: AccessDenied: Not for you.
            repo2: [HostConnectError] unable to connect to 's3:443'; HINT: a hint; remedy: these keys may not do that:\
             allow them to list, read, write and delete in this bucket and repoPath, or correct the keys in the Secret""");
  }

  @Test
  void whatCannotBeDecryptedIsNoTextAndIsToldWithTheRemedy() {
    assertThat(
            StoreRemedy.of(
                "[FormatError] key/value found outside of section at line 1: \u0007\uFFFD\uFFFD=x\u0001"))
        .startsWith("[FormatError] key/value found outside of section at line 1; remedy: ")
        .endsWith("correct the Secret that 'cipherConfig.encryptionPass' names, or 'cipherConfig'");
  }

  @Test
  void aRemedyIsToldOnce() {
    var told = StoreRemedy.of("[HostConnectError] unable to connect to 's3:443'");

    assertThat(StoreRemedy.of("whether repository 1 holds an archive cannot be told: " + told))
        .isEqualTo("whether repository 1 holds an archive cannot be told: " + told);
  }

  @Test
  void otherWordsStayAsTheyAre() {
    assertThat(StoreRemedy.of("the cluster 'demo' does not archive here"))
        .isEqualTo("the cluster 'demo' does not archive here");
  }
}
