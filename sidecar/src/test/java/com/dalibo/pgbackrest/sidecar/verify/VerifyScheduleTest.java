package com.dalibo.pgbackrest.sidecar.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifyScheduleTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          code: 0, archiveMax: '1'                                                              | true
          code: 0                                                                               | false
          code: 99, archiveMax: '1'                                                             | false
          code: 0, archiveMax: '1', lastVerify: {time: '2026-11-25T11:00:01Z', status: ok}      | false
          code: 0, archiveMax: '1', lastVerify: {time: '2026-11-25T11:00:00Z', status: ok}      | true
          code: 0, archiveMax: '1', lastVerify: {time: '2026-11-25T11:30:00Z', status: error}   | false
          code: 0, archiveMax: '1', lastVerify: {time: '2026-11-25T11:30:00Z', status: error}, lastBackup: {timestamp: {start: 1, stop: 1795606200}} | false
          code: 0, archiveMax: '1', lastVerify: {time: '2026-11-25T11:30:00Z', status: error}, lastBackup: {timestamp: {start: 1, stop: 1795606201}} | true
          code: 0, archiveMax: '1', lastVerify: {time: '2026-11-25T11:30:00Z', status: ok}, lastBackup: {timestamp: {start: 1, stop: 1795606201}} | false
          """)
  void aRepositoryIsDueAfterItsTimeOrAfterABackupSinceDamageWasFound(String status, boolean due)
      throws Exception {
    var stanza =
        Stanza.parse(
            """
            {metadata: {name: main}, spec: {stanzaConfiguration: {name: main, verify: {every: 1h},
               volumeRepositories: [{claimName: c, repoPath: '/p'}]}},
             status: {repositories: [{index: 1, %s}]}}
            """
                .formatted(status));
    var repository = Repositories.of(stanza.spec()).getFirst();

    assertThat(VerifySchedule.of(stanza).orElseThrow().isDue(repository, stanza.status(), NOW))
        .isEqualTo(due);
  }
}
