package com.dalibo.pgbackrest.info;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.dalibo.pgbackrest.Captured;
import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.postgres.Lsn;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InfoTest {

  private static StanzaInfo main(String name) {
    return Info.parse(Captured.resource("info/" + name + ".json")).stanza("main").orElseThrow();
  }

  @Test
  void backupsAreReadWhole() {
    var stanza = main("two-backups");

    assertThat(stanza.code()).isEqualTo(StatusCode.OK);
    var diff = stanza.backup(1, "20261123-004018F_20261123-004020D").orElseThrow();
    assertThat(diff.type()).isEqualTo(BackupType.DIFF);
    assertThat(diff.prior()).isEqualTo("20261123-004018F");
    assertThat(diff.references()).containsExactly("20261123-004018F");
    assertThat(diff.archiveStart()).isEqualTo("000000010000000000000005");
    assertThat(diff.lsnStart()).isEqualTo(Lsn.parse("0/5000028"));
    assertThat(diff.annotations()).isEqualTo(Map.of("a", "b"));
    var full = stanza.backup(1, "20261123-004018F").orElseThrow();
    assertThat(full.prior()).isNull();
    assertThat(full.timestampStop()).isEqualTo(Instant.ofEpochSecond(1795394420));
    assertThat(full.size()).isEqualTo(22992495);
    assertThat(full.repositorySize()).hasValue(3043860);
  }

  @Test
  void theSystemIdentifierKeepsAllItsDigits() {
    var database = main("two-backups").currentDatabase(1).orElseThrow();

    assertThat(database).isEqualTo(new DatabaseInfo(1, 1, 7711160300229810791L, "15"));
  }

  @Test
  void aRunningBackupSaysHowFarItIs() {
    var lock = main("backup-running").backupLock();

    assertThat(lock.held()).isTrue();
    assertThat(lock.progress(1)).contains(new BackupLock.Progress(1, 64_457_235, 41_943_040));
    assertThat(lock.progress(2)).isEmpty();
    assertThat(main("two-backups").backupLock()).isEqualTo(BackupLock.FREE);
  }

  @Test
  void aMissingStanzaIsAStatus() {
    var stanza = main("missing-stanza");

    assertThat(stanza.repository(1).orElseThrow().code()).isEqualTo(StatusCode.MISSING_STANZA_PATH);
    assertThat(stanza.backups()).isEmpty();
  }

  @Test
  void aRepositoryThatIsDownHasAnErrorAndTheOthersKeepTheirs() {
    var stanza = main("one-of-two-repositories-down");

    assertThat(stanza.code()).isEqualTo(StatusCode.DIFFERENT);
    assertThat(stanza.repository(1).orElseThrow().readable()).isTrue();
    var down = stanza.repository(2).orElseThrow();
    assertThat(down.readable()).isFalse();
    assertThat(down.errorCode()).contains(ErrorCode.HOST_CONNECT);
    assertThat(down.isTransient()).isTrue();
  }

  @Test
  void noStanzaAtAllIsAnEmptyAnswer() {
    assertThat(Info.parse("[]").stanza("main")).isEmpty();
  }

  @Test
  void theArchivesOfABackupAreThoseOfItsClusterWhateverTheirNumber() {
    var stanza = main("two-repositories-after-upgrade");

    assertThat(stanza.archives(stanza.backup(1, "20261123-020000F").orElseThrow()))
        .extracting(ArchiveInfo::repositoryKey, ArchiveInfo::id)
        .containsExactly(tuple(1, "17-2"), tuple(2, "17-1"));
    assertThat(stanza.archives(stanza.backup(1, "20261122-100000F").orElseThrow()))
        .extracting(ArchiveInfo::repositoryKey, ArchiveInfo::id)
        .containsExactly(tuple(1, "16-1"));
  }

  @Test
  void anArchiveIsNamedByVersionAndNumber() {
    var database = main("two-repositories-after-upgrade").database(1, 2).orElseThrow();

    assertThat(database.archiveId()).isEqualTo("17-2");
  }
}
