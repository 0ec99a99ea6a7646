package com.dalibo.pgbackrest.stanza.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.stanza.Documents;
import org.junit.jupiter.api.Test;

class RepositoriesTest {
  private final Stanza stanza =
      Documents.stanza(
          """
          name: main
          volumeRepositories:
            - {claimName: c, repoPath: /a, name: near}
            - {claimName: c, repoPath: /b}
          """);

  @Test
  void aRepositoryIsChosenByNumber() throws InvalidStanzaException {
    assertThat(Repositories.select(stanza, "2").storage().fields().repoPath()).isEqualTo("/b");
  }

  @Test
  void aRepositoryIsChosenByName() throws InvalidStanzaException {
    assertThat(Repositories.select(stanza, "near").index()).isEqualTo(1);
  }

  @Test
  void anUnknownRepositoryIsAnsweredWithTheKnown() {
    assertThatThrownBy(() -> Repositories.select(stanza, "3"))
        .hasMessage("the stanza 'sample' has no repository '3'; choose one of 1 (near), 2");
  }
}
