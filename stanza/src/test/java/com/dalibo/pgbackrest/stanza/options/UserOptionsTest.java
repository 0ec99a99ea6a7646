package com.dalibo.pgbackrest.stanza.options;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.Documents;
import com.dalibo.pgbackrest.stanza.api.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserOptionsTest {
  private static final String VOLUME = "volumeRepositories: [{claimName: c, repoPath: /p}]\n";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          options: {io-timeout: 20s}                             | io-timeout=20s
          options: {repo1-bundle-limit: 1MiB}                    | repo1-bundle-limit=1MiB
          options: {"backup:process-max": "8"}                   | backup process-max=8
          customEnvVar: {PGBACKREST_REPO1_BUNDLE: "y"}           | repo1-bundle=y
          customEnvVar: {PGBACKREST_PROCESS_MAX: "4"}            | process-max=4
          customEnvVar: {PGBACKREST_REPO1_S3_VERIFY_TLS: "n"}    | repo1-storage-verify-tls=n
          customEnvVar: {PGBACKREST_REPO1_STORAGE_CA_FILE: /ca}  | repo1-storage-ca-file=/ca
          customEnvVar: {PGBACKREST_REPO1_CIPHER_PASS: secret}   | repo1-cipher-pass=secret
          customEnvVar: {PGBACKREST_REPO1_S3_TOKEN: token}       | repo1-s3-token=token
          """)
  void whatIsOpenIsWritten(String setting, String written) {
    var stanza = Documents.stanza("name: main\n" + VOLUME + setting);

    var accepted = UserOptions.accepted(stanza).getFirst();

    assertThat((accepted.command() + " " + accepted.written() + "=" + accepted.value()).strip())
        .isEqualTo(written);
    assertThat(UserOptions.problems(stanza)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PGBACKREST_REPO1_PATH      | a field of the Stanza sets the same
          PGBACKREST_REPO1_TYPE      | a field of the Stanza sets the same
          PGBACKREST_STANZA          | the plugin sets it
          PGBACKREST_PG1_PATH        | the plugin sets it
          PGBACKREST_LOCK_PATH       | the plugin sets it
          PGBACKREST_LOG_LEVEL_FILE  | the plugin sets it
          PGBACKREST_MY_CUSTOM       | pgBackRest has no such option
          """)
  void whatHadNoEffectWithTheGoPluginStopsNothing(String variable, String why) {
    var stanza = Documents.stanza("name: main\n" + VOLUME + "customEnvVar: {" + variable + ": x}");

    assertThat(UserOptions.problems(stanza)).isEmpty();
    assertThat(UserOptions.accepted(stanza)).isEmpty();
    assertThat(UserOptions.warnings(stanza))
        .extracting(Problem::message)
        .containsExactly(
            "customEnvVar['%s'] of the Stanza 'sample' has no effect: %s; remove it"
                .formatted(variable, why));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          options: {process-max: "4"}                  | options['process-max'] of the Stanza 'sample' is set by a field of the Stanza; use the field
          options: {repo1-s3-key-secret: x}            | options['repo1-s3-key-secret'] of the Stanza 'sample' is set by a field of the Stanza; use the field
          options: {repo2-bundle-limit: 1MiB}          | options['repo2-bundle-limit'] of the Stanza 'sample' is for a repository that the stanza does not have; correct the number or remove it
          options: {archive-check: n}                  | options['archive-check'] of the Stanza 'sample' is refused: a backup or the archive could be wrong without notice; remove it
          options: {repo1-s3-process-cmd: x}           | options['repo1-s3-process-cmd'] of the Stanza 'sample' is refused: it would start another program; remove it
          options: {nonsense: x}                       | options['nonsense'] of the Stanza 'sample' is not an option of pgBackRest known here; correct the name or remove it
          options: {"rm:io-timeout": 1s}               | options['rm:io-timeout'] of the Stanza 'sample' is for a command that cannot be given options; use one of archive-get, archive-push, backup, check, expire, info, restore, verify
          options: {"io timeout": 1s}                  | options['io timeout'] of the Stanza 'sample' is not an option; write its name as the documentation spells it
          options: {io-timeout: ""}                    | options['io-timeout'] of the Stanza 'sample' is empty, or has white space at an end, or a character that cannot be seen; give it a plain value or remove it
          customEnvVar: {LD_PRELOAD: /x.so}            | customEnvVar['LD_PRELOAD'] of the Stanza 'sample' is not a variable of pgBackRest; remove it
          customEnvVar: {PGBACKREST_CONFIG: /x}        | customEnvVar['PGBACKREST_CONFIG'] of the Stanza 'sample' is refused: the plugin decides where files and sockets are; remove it
          customEnvVar: {PGBACKREST_PG1_HOST: x}       | customEnvVar['PGBACKREST_PG1_HOST'] of the Stanza 'sample' is not an option of pgBackRest known here; correct the name or remove it
          customEnvVar: {PGBACKREST_ARCHIVE_CHECK: n}  | customEnvVar['PGBACKREST_ARCHIVE_CHECK'] of the Stanza 'sample' is refused: a backup or the archive could be wrong without notice; remove it
          """)
  void whatIsRefusedSaysWhy(String setting, String message) {
    var stanza = Documents.stanza("name: main\n" + VOLUME + setting);

    var problems = UserOptions.problems(stanza);

    assertThat(problems).extracting(Problem::message).containsExactly(message);
    assertThat(UserOptions.accepted(stanza)).isEmpty();
  }
}
