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
          options: {process-max: "4"}                  | options['process-max'] of the Stanza 'sample' is what a field of the Stanza sets; use the field
          options: {repo1-s3-key-secret: x}            | options['repo1-s3-key-secret'] of the Stanza 'sample' is what a field of the Stanza sets; use the field
          options: {repo2-bundle-limit: 1MiB}          | options['repo2-bundle-limit'] of the Stanza 'sample' is for a repository that the stanza does not have; correct the number or remove it
          options: {archive-check: n}                  | options['archive-check'] of the Stanza 'sample' is refused: a backup or the archive could be wrong without notice; remove it
          options: {repo1-s3-process-cmd: x}           | options['repo1-s3-process-cmd'] of the Stanza 'sample' is refused: it would start another program; remove it
          options: {nonsense: x}                       | options['nonsense'] of the Stanza 'sample' is not an option of pgBackRest known here; correct the name or remove it
          options: {"rm:io-timeout": 1s}               | options['rm:io-timeout'] of the Stanza 'sample' is for a command that cannot be given options; use one of archive-get, archive-push, backup, check, expire, info, restore, verify
          options: {"io timeout": 1s}                  | options['io timeout'] of the Stanza 'sample' is not an option; write its name as the documentation spells it
          options: {io-timeout: ""}                    | options['io-timeout'] of the Stanza 'sample' is empty, or has white space at an end, or a line break; give it a plain value or remove it
          customEnvVar: {LD_PRELOAD: /x.so}            | customEnvVar['LD_PRELOAD'] of the Stanza 'sample' is not a variable of pgBackRest; remove it
          customEnvVar: {PGBACKREST_CONFIG: /x}        | customEnvVar['PGBACKREST_CONFIG'] of the Stanza 'sample' is refused: the plugin decides where files and sockets are; remove it
          customEnvVar: {PGBACKREST_REPO1_PATH: /x}    | customEnvVar['PGBACKREST_REPO1_PATH'] of the Stanza 'sample' is what a field of the Stanza sets; use the field
          customEnvVar: {PGBACKREST_MY_CUSTOM: x}      | customEnvVar['PGBACKREST_MY_CUSTOM'] of the Stanza 'sample' is not an option of pgBackRest known here; correct the name or remove it
          """)
  void whatIsRefusedSaysWhy(String setting, String message) {
    var stanza = Documents.stanza("name: main\n" + VOLUME + setting);

    var problems = UserOptions.problems(stanza);

    assertThat(problems).extracting(Problem::message).containsExactly(message);
    assertThat(UserOptions.accepted(stanza)).isEmpty();
  }
}
