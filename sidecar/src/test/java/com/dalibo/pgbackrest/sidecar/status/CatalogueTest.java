package com.dalibo.pgbackrest.sidecar.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.BackupLock;
import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.info.DatabaseInfo;
import com.dalibo.pgbackrest.info.RepositoryInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.info.StatusCode;
import com.dalibo.pgbackrest.stanza.api.ApiWriter;
import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary;
import com.dalibo.pgbackrest.stanza.api.status.CatalogueStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CatalogueTest {

  @Test
  void aBackupIsDescribedByWhatARestoreNeedsToKnow() throws Exception {
    var catalogue = catalogue(Optional.empty(), StatusCode.OK, backups(1, 1)).status();

    assertThat(catalogue.older()).isZero();
    assertThat(catalogue.backups())
        .containsExactly(
            new CatalogueStatus.Entry(
                "20261125-000001F",
                1,
                "full",
                null,
                "1970-01-01T00:00:01Z",
                "1970-01-01T00:01:01Z",
                300L,
                100L,
                "18",
                2,
                new BackupSummary.Range("000000020000000000000001", "000000020000000000000002"),
                false,
                Map.of("who", "me")));
  }

  @Test
  void theNewestFiftyAreListedAndTheOlderOnesCounted() throws Exception {
    var catalogue =
        catalogue(Optional.empty(), StatusCode.OK, Stream.concat(backups(1, 40), backups(2, 40)))
            .status();

    assertThat(catalogue.backups()).hasSize(50);
    assertThat(catalogue.older()).isEqualTo(30);
    assertThat(catalogue.backups().getFirst().label()).isEqualTo("20261125-000040F");
    assertThat(catalogue.backups())
        .extracting(CatalogueStatus.Entry::repository)
        .startsWith(1, 2, 1, 2);
  }

  @Test
  void aRepositoryThatDoesNotAnswerKeepsItsBackups() throws Exception {
    var before =
        catalogue(Optional.empty(), StatusCode.OK, Stream.concat(backups(1, 1), backups(2, 60)));
    var known = before.status();

    var after =
        catalogue(
                Optional.of(known),
                StatusCode.OTHER,
                Stream.of(backup(1, 100, Map.of()), backup(1, 101, Map.of())))
            .status();

    assertThat(after.backups()).filteredOn(entry -> entry.repository() == 1).hasSize(2);
    assertThat(after.backups()).filteredOn(entry -> entry.repository() == 2).hasSize(48);
    assertThat(after.older()).isEqualTo(11);
  }

  @Test
  void itsSizeIsBoundedWhateverTheAnnotationsAre() throws Exception {
    var many = new TreeMap<String, String>();
    for (var n = 0; n < 100; n++) {
      many.put("key" + n, "x".repeat(10_000));
    }

    var catalogue =
        catalogue(
                Optional.empty(),
                StatusCode.OK,
                IntStream.rangeClosed(1, 100).mapToObj(n -> backup(1, n, many)))
            .status();

    assertThat(ApiWriter.mergePatch(catalogue).toString().length()).isLessThan(100_000);
  }

  private static Catalogue catalogue(
      Optional<CatalogueStatus> before, StatusCode second, Stream<BackupInfo> backups)
      throws Exception {
    return new Catalogue(
        repositories(),
        new StanzaInfo(
            "main",
            StatusCode.OK,
            "ok",
            BackupLock.FREE,
            List.of(
                new RepositoryInfo(1, "none", StatusCode.OK, "ok"),
                new RepositoryInfo(2, "none", second, "away")),
            List.of(new DatabaseInfo(1, 1, 7, "18"), new DatabaseInfo(1, 2, 7, "18")),
            List.of(),
            backups.toList()),
        before);
  }

  private static List<Repository> repositories() throws Exception {
    return Repositories.of(
        Stanza.parse(
                """
                {metadata: {name: main}, spec: {stanzaConfiguration: {name: main, volumeRepositories: [
                  {claimName: c, repoPath: '/p'}, {claimName: d, repoPath: '/q'}]}}}
                """)
            .spec());
  }

  private static Stream<BackupInfo> backups(int repository, int number) {
    return IntStream.rangeClosed(1, number)
        .mapToObj(n -> backup(repository, n, Map.of("who", "me")));
  }

  private static BackupInfo backup(int repository, int n, Map<String, String> annotations) {
    return new BackupInfo(
        "20261125-%06dF".formatted(n),
        BackupType.FULL,
        repository,
        1,
        null,
        List.of(),
        "000000020000000000000001",
        "000000020000000000000002",
        null,
        null,
        Instant.ofEpochSecond(n),
        Instant.ofEpochSecond(n + 60),
        300,
        200,
        OptionalLong.of(100),
        OptionalLong.of(100),
        false,
        annotations);
  }
}
