package com.dalibo.pgbackrest.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.dalibo.pgbackrest.config.ConfigurationFile;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.BackupType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Backups that are taken, listed, verified and expired, and those that are ended.
@Timeout(180)
class BackupCommandIT {
  @RegisterExtension static final CommandStage stage = new CommandStage();

  @Test
  void backupsOfEachTypeAreMadeListedAndExpired() throws Exception {
    var pgBackRest = stage.withStanza();
    var progress = new ArrayList<String>();
    pgBackRest.archivePush(stage.server.switchSegment());

    pgBackRest.backup(CommandStage.backup(BackupType.FULL, line -> progress.add(line.text())));
    pgBackRest.backup(CommandStage.backup(BackupType.DIFF, _ -> {}));
    pgBackRest.backup(CommandStage.backup(BackupType.INCR, _ -> {}));

    assertThat(progress).anyMatch(text -> text.startsWith("full backup size = "));
    var stanza = pgBackRest.info().stanza("main").orElseThrow();
    assertThat(stanza.backups(1))
        .extracting(BackupInfo::type)
        .containsExactly(BackupType.FULL, BackupType.DIFF, BackupType.INCR);
    assertThat(stanza.backups(1))
        .extracting(BackupInfo::annotations)
        .containsOnly(Map.of("uid", "42"));
    assertThat(pgBackRest.expire(1, DryRun.YES).isEmpty()).isTrue();
    var verified = pgBackRest.verify(1);
    assertThat(verified.findings()).isEmpty();
    assertThat(verified.backups()).hasSize(3);
    assertThat(verified.walFiles()).isPositive();
    assertThat(pgBackRest.repoLs(1, "archive/main"))
        .extracting(RepositoryFile::name)
        .contains("18-1", "archive.info");
    assertThat(pgBackRest.histories(1, "18-1")).isEmpty();
  }

  @Test
  void anInterruptedBackupLeavesNothingAndTheNextOneWorks() throws Exception {
    var pgBackRest = stage.withStanza();
    var copying = new CountDownLatch(1);
    var result = new CompletableFuture<Throwable>();
    var slow = stage.configuration().global("compress-type", "gz").global("compress-level", "9");
    ConfigurationFile.write(stage.folder.resolve("pgbackrest.conf"), slow.build());
    var thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    pgBackRest.backup(
                        CommandStage.backup(
                            BackupType.FULL,
                            line -> {
                              if (line.text().startsWith("execute backup start")) {
                                copying.countDown();
                              }
                            }));
                    result.complete(new AssertionError("it ended unexpectedly"));
                  } catch (Exception e) {
                    result.complete(e);
                  }
                });
    assertThat(copying.await(60, TimeUnit.SECONDS)).isTrue();

    thread.interrupt();

    assertThat(result.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    stage.assertNoneLeft();
    pgBackRest.backup(CommandStage.backup(BackupType.FULL, _ -> {}));
    assertThat(pgBackRest.info().stanza("main").orElseThrow().backups(1)).hasSize(1);
  }

  @Test
  void aDeadlineEndsTheCommandAndIsTransient() throws Exception {
    var pgBackRest = stage.withStanza().within(Duration.ofMillis(1));

    var failure =
        catchThrowableOfType(
            PgBackRestException.class,
            () -> pgBackRest.backup(CommandStage.backup(BackupType.FULL, _ -> {})));

    assertThat(failure)
        .hasMessage("pgbackrest backup failed [deadline]: it took longer than 0 s and was ended");
    assertThat(failure.isTransient()).isTrue();
    stage.assertNoneLeft();
  }
}
