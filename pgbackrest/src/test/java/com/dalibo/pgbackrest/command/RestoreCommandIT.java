package com.dalibo.pgbackrest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.Server;
import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.postgres.Timelines;
import com.dalibo.pgbackrest.selection.BackupSelection;
import com.dalibo.pgbackrest.selection.RecoveryGoal;
import com.dalibo.pgbackrest.selection.RestoreTarget;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A backup that is restored, and the WAL after it.
@Timeout(180)
class RestoreCommandIT {
  @RegisterExtension static final CommandStage stage = new CommandStage();

  @Test
  void aBackupIsRestoredAndRecovered() throws Exception {
    var pgBackRest = stage.withStanza();
    stage.server.sql("drop table if exists goods");
    stage.server.sql("create table goods as select generate_series(1, 1000) as n");
    pgBackRest.backup(CommandStage.backup(BackupType.FULL, _ -> {}));
    var label =
        pgBackRest.info().stanza("main").orElseThrow().backups(1).findFirst().orElseThrow().label();
    stage.server.sql("insert into goods select generate_series(1001, 2000)");
    stage.server.switchSegment();
    pushEverything(pgBackRest);
    var stanza = pgBackRest.info().stanza("main").orElseThrow();
    var choice =
        BackupSelection.choose(
            stanza, _ -> Timelines.NONE, RecoveryGoal.of(new RestoreTarget.Latest()));
    assertThat(choice)
        .isInstanceOfSatisfying(
            BackupSelection.Choice.Chosen.class,
            chosen -> assertThat(chosen.label()).isEqualTo(label));
    var target = Files.createDirectory(stage.folder.resolve("restored"));

    pgBackRest.restore(
        new RestoreCommand(
            1, label, target.resolve("data"), Map.of(), Map.of(), List.of(), _ -> {}));

    assertThat(target.resolve("data/recovery.signal")).doesNotExist();
    var fetch =
        "%s --config=%s --stanza=main --pg1-path=%s --log-level-console=off archive-get %%f %%p"
            .formatted(
                stage.program, stage.folder.resolve("pgbackrest.conf"), target.resolve("data"));
    try (var restored = Server.recover(target, fetch)) {
      assertThat(restored.query("select count(*) from goods")).isEqualTo("2000");
      pgBackRest.archivePush(restored.data.resolve("pg_wal/00000002.history"));
      assertThat(pgBackRest.histories(1, "18-1")).containsExactly(2);
    }
  }

  private static void pushEverything(PgBackRest pgBackRest) throws Exception {
    try (var files = Files.list(stage.server.finished)) {
      for (var file : files.sorted().toList()) {
        pgBackRest.archivePush(file);
      }
    }
  }
}
