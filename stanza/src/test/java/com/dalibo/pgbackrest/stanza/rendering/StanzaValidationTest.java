package com.dalibo.pgbackrest.stanza.rendering;

import static com.dalibo.pgbackrest.stanza.rendering.StanzaProblems.S3;
import static com.dalibo.pgbackrest.stanza.rendering.StanzaProblems.VOLUME;
import static com.dalibo.pgbackrest.stanza.rendering.StanzaProblems.problems;
import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.Documents;
import com.dalibo.pgbackrest.stanza.api.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StanzaValidationTest {

  @Test
  void aStanzaThatSaysLittleIsValid() {
    assertThat(problems(VOLUME.formatted(""))).isEmpty();
  }

  @Test
  void aNameThatPgBackRestCannotUseSaysWhatToDo() {
    assertThat(problems("name: " + "n".repeat(200), VOLUME.formatted(""))).isEmpty();
    for (var name : List.of("n".repeat(201), "a/b", "global", "'-a'")) {
      assertThat(problems("name: " + name, VOLUME.formatted("")))
          .isEqualTo(
              "the Stanza 'sample' has the name '%s', which pgBackRest cannot use; use letters, digits, '_', '-' and '.' in 'name', 200 at most, and not the word global"
                  .formatted(name.replace("'", "")));
    }
  }

  private static final String BARE_S3 =
      "s3Repositories: [{bucket: b, endpoint: e, region: r, repoPath: /p}]";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          archive: {async: true}                                    | has no repository; add one, for example under s3Repositories
          volumeRepositories: [{claimName: c, repoPath: p}]         | has 'p' in volumeRepositories[0].repoPath, which is not an absolute path; start it with '/' and use neither '.' nor '..' in it
          volumeRepositories: [{claimName: c, repoPath: /a/../b}]   | has '/a/../b' in volumeRepositories[0].repoPath, which is not an absolute path; start it with '/' and use neither '.' nor '..' in it
          volumeRepositories: [{claimName: c, repoPath: /p}, {claimName: c, repoPath: /p/}] | has the same store and path in volumeRepositories[0] and in volumeRepositories[1]; give each another bucket or 'repoPath'; two copies in one place are one copy
          sftpRepositories: [{host: h, user: u, repoPath: /p, hostKeyHashType: sha1, secretRef: {privateKey: {name: s, key: k}}}] | cannot check the key of the host in sftpRepositories[0]; add knownHosts, or hostKeyCheckType 'fingerprint' with hostFingerprint
          s3Repositories: [{bucket: b, endpoint: e, region: r, repoPath: /p}] | has no keys in s3Repositories[0]; add secretRef with accessKeyId and secretAccessKey, or a keyType that needs none
          azureRepositories: [{account: a, container: c, repoPath: /p}]       | has no key in azureRepositories[0]; add secretRef with keyReference, or keyType 'auto'
          gcsRepositories: [{bucket: b, repoPath: /p}]                        | has no key in gcsRepositories[0]; add secretRef with keyReference, or keyType 'auto'
          """)
  void aStanzaThatCannotWorkSaysWhatToDo(String configuration, String problem) {
    assertThat(problems(configuration)).isEqualTo("the Stanza 'sample' " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          block: true, bundle: false           | has 'block: true' with 'bundle: false' in volumeRepositories[0]; remove 'bundle: false'
          index: 257                             | has number 257 in volumeRepositories[0]; use an 'index' from 1 to 256
          """)
  void aRepositoryThatCannotWorkSaysWhatToDo(String field, String problem) {
    assertThat(problems(VOLUME.formatted(", " + field)))
        .isEqualTo("the Stanza 'sample' " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          processMax: 1000                       | has processMax 1000; use 1 to 999
          archive: {getQueueMax: 128 Mi}         | has '128Mi' in archive.getQueueMax, which is not a size; write a number and a unit without a space, such as 128MiB
          compressConfig: {type: bz2, level: 0}  | has compression level 0, which bz2 does not have; use gz -1 to 9, bz2 1 to 9, lz4 -5 to 12 or zst -7 to 22 in compressConfig.level
          compressConfig: {level: 10}            | has compression level 10, which gz does not have; use gz -1 to 9, bz2 1 to 9, lz4 -5 to 12 or zst -7 to 22 in compressConfig.level
          """)
  void aSettingThatCannotWorkSaysWhatToDo(String setting, String problem) {
    assertThat(problems(VOLUME.formatted("") + "\n" + setting))
        .isEqualTo("the Stanza 'sample' " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          archive: {getQueueMax: 5PiB}                | has '5PiB' in archive.getQueueMax, which pgBackRest does not take; use 0B to 4PiB
          archive: {pushQueueMax: 999999999999999PiB} | has '999999999999999PiB' in archive.pushQueueMax, which pgBackRest does not take; use 0B to 4PiB
          """)
  void aQueueBeyondWhatPgBackRestTakesIsRefused(String setting, String problem) {
    assertThat(problems(VOLUME.formatted("") + "\n" + setting))
        .isEqualTo("the Stanza 'sample' " + problem);
    assertThat(problems(VOLUME.formatted("") + "\narchive: {getQueueMax: 4PiB, pushQueueMax: 0B}"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          s3    | 1MiB       | has '1MiB' in s3Repositories[0].uploadChunkSize, which pgBackRest does not take; use 5MiB to 1GiB
          s3    | 2GiB       | has '2GiB' in s3Repositories[0].uploadChunkSize, which pgBackRest does not take; use 5MiB to 1GiB
          s3    | 5 MiB      | has '5 MiB' in s3Repositories[0].uploadChunkSize, which is not a size; write a number and a unit without a space, such as 128MiB
          s3    | 5120KiB    | ''
          azure | 4194303B   | has '4194303B' in azureRepositories[0].uploadChunkSize, which pgBackRest does not take; use 4MiB to 1GiB
          azure | 5000KiB    | ''
          gcs   | 2GiB       | has '2GiB' in gcsRepositories[0].uploadChunkSize, which pgBackRest does not take; use 4MiB to 1GiB
          gcs   | 5000KiB    | has '5000KiB' in gcsRepositories[0].uploadChunkSize, which Google does not take; use a multiple of 256KiB, such as 16MiB
          gcs   | 4352KiB    | ''
          """)
  void aPartThatTheStoreDoesNotTakeIsRefused(String store, String size, String problem) {
    assertThat(problems(objects(store, "uploadChunkSize: " + size)))
        .isEqualTo(problem.isEmpty() ? "" : "the Stanza 'sample' " + problem);
  }

  @Test
  void moreOrLongerTagsThanAnObjectMayHaveAreRefused() {
    var ten = "t1: v, t2: v, t3: v, t4: v, t5: v, t6: v, t7: v, t8: v, t9: v, t10: v";
    for (var store : List.of("s3", "azure")) {
      assertThat(problems(objects(store, "tags: {%s}".formatted(ten)))).isEmpty();
      assertThat(problems(objects(store, "tags: {%s, t11: v}".formatted(ten))))
          .isEqualTo(
              "the Stanza 'sample' has 11 tags in %sRepositories[0].tags; use 10 at most, as many as the store takes for an object"
                  .formatted(store));
      assertThat(problems(objects(store, "tags: {t: %s}".formatted("v".repeat(257)))))
          .isEqualTo(
              "the Stanza 'sample' has the tag 't' in %sRepositories[0].tags, which is too long for the store; use 128 characters at most in its name and 256 in its value"
                  .formatted(store));
    }
    assertThat(problems(objects("gcs", "tags: {%s, t11: v}".formatted(ten)))).isEmpty();
  }

  /// pgBackRest expires nothing then, and the Go plugin wrote it like that.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          retentionPolicy: {fullType: time}      | has fullType 'time' without 'full' in volumeRepositories[0].retentionPolicy; add 'full': for how many days backups are kept
          retentionPolicy: {archiveType: diff}   | has archiveType without 'archive' in volumeRepositories[0].retentionPolicy; add 'archive': for how many backups WAL is kept, or remove archiveType
          """)
  void aTypeOfRetentionWithoutItsNumberStopsNothing(String field, String warning) {
    var stanza = Documents.stanza("name: main\n" + VOLUME.formatted(", " + field));

    assertThat(StanzaValidation.problems(stanza)).isEmpty();
    assertThat(StanzaValidation.warnings(stanza))
        .extracting(Problem::message)
        .containsExactly("the Stanza 'sample' " + warning);
  }

  /// Its API had no field for them.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "PGBACKREST_REPO1_S3_KEY_TYPE: auto",
        "PGBACKREST_REPO1_S3_KEY_TYPE: web-id",
        "PGBACKREST_REPO1_S3_KEY: id, PGBACKREST_REPO1_S3_KEY_SECRET: key"
      })
  void credentialsInTheVariablesOfTheGoPluginAreEnough(String variables) {
    assertThat(problems(BARE_S3 + "\ncustomEnvVar: {" + variables + "}")).isEmpty();
    assertThat(problems(BARE_S3 + "\ncustomEnvVar: {PGBACKREST_REPO1_S3_KEY: id}"))
        .contains("has no keys in s3Repositories[0]");
    assertThat(problems(BARE_S3 + "\ncustomEnvVar: {PGBACKREST_REPO1_S3_KEY_TYPE: shared}"))
        .contains("has no keys in s3Repositories[0]");
    assertThat(
            problems(
                "azureRepositories: [{account: a, container: c, repoPath: /p}]\ncustomEnvVar: {PGBACKREST_REPO1_AZURE_KEY: k}"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"md5, 32", "sha1, 40", "sha256, 64"})
  void aFingerprintHasTheDigitsOfItsAlgorithm(String algorithm, int digits) {
    var sftp =
        "sftpRepositories: [{host: h, user: u, repoPath: /p, hostKeyHashType: %s, hostKeyCheckType: fingerprint, hostFingerprint: '%s', secretRef: {privateKey: {name: s, key: k}}}]";

    assertThat(problems(sftp.formatted(algorithm, "A".repeat(digits)))).isEmpty();
    assertThat(problems(sftp.formatted(algorithm, "a".repeat(digits - 1))))
        .isEqualTo(
            "the Stanza 'sample' has %d digits in sftpRepositories[0].hostFingerprint, and a fingerprint by %s has %d; write that of the host in hexadecimal digits, or correct hostKeyHashType"
                .formatted(digits - 1, algorithm, digits));
  }

  @Test
  void anExplicitNumberMayNotMeetAPosition() {
    var configuration = S3.formatted("") + "\n" + VOLUME.formatted(", index: 1");

    assertThat(problems(configuration))
        .isEqualTo(
            "the Stanza 'sample' gives number 1 to s3Repositories[0] and to volumeRepositories[0];"
                + " give each a different 'index'; without one it is the position in the order S3,"
                + " Azure, GCS, SFTP, volume");
  }

  @Test
  void namesAreUniqueOverAllKinds() {
    var configuration = S3.formatted(", name: x") + "\n" + VOLUME.formatted(", name: x");

    assertThat(problems(configuration))
        .isEqualTo(
            "the Stanza 'sample' gives name 'x' to s3Repositories[0] and to volumeRepositories[0];"
                + " give each a different 'name'");
  }

  @Test
  void twoAuthoritiesAreOneTooMany() {
    var both = ", caSecretRef: {name: a, key: b}, caConfigMapRef: {name: a, key: b}";

    assertThat(problems(S3.formatted(both)))
        .isEqualTo(
            "the Stanza 'sample' has both caSecretRef and caConfigMapRef in s3Repositories[0];"
                + " remove one");
  }

  @Test
  void aLineBreakCannotSmuggleAnOptionIn() {
    var configuration = S3.formatted(", role: \"a\\nrepo1-path=/other\"");

    assertThat(problems(configuration))
        .isEqualTo(
            "the Stanza 'sample' has a value for option 's3-role' in s3Repositories[0] that is"
                + " empty, has white space at an end, or a character that cannot be seen, such as a"
                + " line break; give it a plain value or remove the field");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00a0", "\u200b", "\ufeff", "\u2007", "\t"})
  void aCharacterThatCannotBeSeenIsRefused(String character) {
    assertThat(problems(VOLUME.replace("/p", "\"/p" + character + "q\"").formatted("")))
        .contains("a character that cannot be seen");
  }

  private static String objects(String store, String field) {
    var place =
        switch (store) {
          case "s3" -> "bucket: b, endpoint: e, region: r";
          case "azure" -> "account: a, container: c";
          default -> "bucket: b";
        };
    return "%sRepositories: [{%s, repoPath: /p, keyType: auto, %s}]".formatted(store, place, field);
  }
}
