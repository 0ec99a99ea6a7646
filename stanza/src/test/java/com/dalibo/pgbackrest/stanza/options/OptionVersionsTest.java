package com.dalibo.pgbackrest.stanza.options;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.Documents;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import org.junit.jupiter.api.Test;

class OptionVersionsTest {
  private static final String VOLUME =
      "name: main\nvolumeRepositories: [{claimName: c, repoPath: /p}]\n";

  @Test
  void anOptionThatTheProgramLacksIsNamedWithBothVersions() {
    var stanza = Documents.stanza(VOLUME + "options: {repo1-storage-prefetch: \"5\"}");

    assertThat(OptionVersions.isAnyIn(stanza)).isTrue();
    assertThat(OptionVersions.problems(stanza, 2_059_001))
        .containsExactly(
            new Problem(
                StanzaReason.PGBACKREST_TOO_OLD,
                "options['repo1-storage-prefetch'] of the Stanza 'sample' needs pgBackRest 2.60, and 2.59.1 is installed; use an image of the sidecar with a newer pgBackRest, or remove it"));
    assertThat(OptionVersions.problems(stanza, 2_060_000)).isEmpty();
  }

  @Test
  void anOptionForOneCommandIsTheSameOption() {
    var stanza =
        Documents.stanza(VOLUME + "options: {\"archive-push:archive-push-batch-size\": 1GiB}");

    assertThat(OptionVersions.problems(stanza, 2_058_000))
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .contains("needs pgBackRest 2.59, and 2.58.0 is installed");
  }

  @Test
  void whatTheOldestHasIsNotAsked() {
    var stanza = Documents.stanza(VOLUME + "options: {io-timeout: 20s}");

    assertThat(OptionVersions.isAnyIn(stanza)).isFalse();
  }
}
