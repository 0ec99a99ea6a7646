package com.dalibo.pgbackrest.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.dalibo.pgbackrest.Captured;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.error.RepositoryFailure;
import org.junit.jupiter.api.Test;

class ArchiveGetTest {

  @Test
  void exitOneWithoutAWordIsNotFound() throws PgBackRestException {
    assertThat(ArchiveGet.of(Captured.output(1, ""))).isEqualTo(ArchiveGet.NOT_FOUND);
  }

  @Test
  void aWarningAboutARepositoryWhereAnotherHasTheFileIsFound() throws PgBackRestException {
    assertThat(ArchiveGet.of(Captured.output(0, Captured.WARNED))).isEqualTo(ArchiveGet.FOUND);
  }

  @Test
  void exitOneWithARepositoryThatCouldNotBeAskedIsNoAnswer() {
    var failure =
        catchThrowableOfType(
            PgBackRestException.class, () -> ArchiveGet.of(Captured.output(1, Captured.WARNED)));

    assertThat(failure)
        .hasMessageStartingWith(
            "pgbackrest archive-get failed [104 command]: not every repository could be queried"
                + " repo2: ");
    assertThat(failure.repositories()).extracting(RepositoryFailure::repository).containsExactly(2);
    assertThat(failure.isTransient()).isTrue();
  }
}
