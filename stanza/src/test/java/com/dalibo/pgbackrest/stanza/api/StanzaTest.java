package com.dalibo.pgbackrest.stanza.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.stanza.api.status.BackupsCount;
import org.junit.jupiter.api.Test;

class StanzaTest {
  @Test
  void aFieldOfALaterVersionIsPassedOver() throws InvalidStanzaException {
    var stanza =
        Stanza.parse(
            """
            {"metadata": {"name": "a", "managedFields": []},
             "spec": {"new": 1, "stanzaConfiguration": {"name": "main", "newer": {}}}}
            """);

    assertThat(stanza.stanzaName()).isEqualTo("main");
  }

  @Test
  void aMissingFieldIsNamed() {
    assertThatThrownBy(
            () ->
                Stanza.parse(
                    "{\"metadata\": {\"name\": \"a\"}, \"spec\": {\"stanzaConfiguration\": {}}}"))
        .isInstanceOf(InvalidStanzaException.class)
        .hasMessage(
            "the stanza 'a' cannot be read: spec.stanzaConfiguration.name is missing; correct it"
                + " with kubectl edit stanza");
  }

  @Test
  void aWordThatIsNotOneOfTheKnownIsAnsweredWithThem() {
    assertThatThrownBy(
            () ->
                Stanza.parse(
                    """
                    {"metadata": {"name": "a"}, "spec": {"stanzaConfiguration":
                      {"name": "main", "compressConfig": {"type": "rar"}}}}
                    """))
        .hasMessage(
            "the stanza 'a' cannot be read: spec.stanzaConfiguration.compressConfig.type must be one"
                + " of none, bz2, gz, lz4, zst; correct it with kubectl edit stanza");
  }

  @Test
  void theStatusOfTheGoPluginIsRead() throws InvalidStanzaException {
    var stanza =
        Stanza.parse(
            """
            {"metadata": {"name": "a"}, "spec": {"stanzaConfiguration": {"name": "main"}},
             "status": {"backupsCount": {"Full": 2, "Incr": 1, "Diff": 0},
               "recoveryWindow": {"firstBackup": {"label": "20260210-101333F", "timestamp": {"start": 1, "stop": 4102444800}}}}}
            """);

    assertThat(stanza.status().backupsCount()).isEqualTo(new BackupsCount(2, 0, 1));
    assertThat(stanza.status().recoveryWindow().firstBackup().timestamp().stop())
        .isEqualTo(4102444800L);
  }
}
