package com.dalibo.pgbackrest.stanza.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.status.BackupSummary;
import com.dalibo.pgbackrest.stanza.api.status.BackupsCount;
import com.dalibo.pgbackrest.stanza.api.status.CatalogueStatus;
import com.dalibo.pgbackrest.stanza.api.status.RecoveryWindow;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiWriterTest {

  private static CatalogueStatus.Entry entry() {
    return new CatalogueStatus.Entry(
        "l", null, null, null, null, null, null, null, null, null, null, null, Map.of("who", "me"));
  }

  @Test
  void whatIsAbsentRemovesTheFieldAndIsLeftOutInLists() {
    var window =
        new RecoveryWindow(
            new BackupSummary(
                "20261125-030000F", "full", null, null, null, new BackupSummary.Timestamps(1L, 2L)),
            null);
    var status =
        new StanzaStatus(
            7L,
            null,
            List.of(new StanzaCondition("Ready", "True", null, null, "Ready", null)),
            null,
            List.of(),
            "1/1",
            null,
            null,
            null,
            window,
            new BackupsCount(1, 0, 0),
            null,
            new CatalogueStatus(List.of(entry()), 2));

    assertThat(ApiWriter.mergePatch(status))
        .isEqualTo(
            JsonParser.parseString(
                """
                {observedGeneration: 7, observedTime: null,
                 conditions: [{type: Ready, status: "True", reason: Ready}],
                 owner: null, repositories: [], reachableRepositories: "1/1",
                 lastBackupTime: null, latestRestorableTime: null, pgBackRestVersion: null,
                 recoveryWindow: {
                   firstBackup: {label: "20261125-030000F", type: full, prior: null, archive: null,
                     lsn: null, timestamp: {start: 1, stop: 2}},
                   lastBackup: null},
                 backupsCount: {Full: 1, Diff: 0, Incr: 0}, inspection: null,
                 catalogue: {backups: [{label: l, annotations: {who: me}}], older: 2}}
                """));
  }
}
