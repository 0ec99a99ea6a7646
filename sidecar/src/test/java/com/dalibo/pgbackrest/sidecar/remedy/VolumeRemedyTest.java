package com.dalibo.pgbackrest.sidecar.remedy;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The remedies for paths of the pod that cannot be used, and for volumes that are full.
class VolumeRemedyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DATA_REFUSED | unable to open file '/var/lib/postgresql/data/pgdata/postgresql.auto.conf' for read
          DATA_REFUSED | unable to open file '/var/lib/postgresql/data/pgbackrest-plugin.copy/base/1/1259' for write
          DATA_REFUSED | unable to list file info for path '/var/lib/postgresql/data/pgdata'
          DATA_REFUSED | unable to create path '/var/lib/postgresql/data/pgdata/archive'
          DATA_REFUSED | unable to move '/var/lib/postgresql/tablespaces/a/data/x' to '/var/lib/postgresql/data/pgdata/x'
          WAL_REFUSED | unable to create path '/var/lib/postgresql/wal/pg_wal'
          WAL_REFUSED | unable to open file '/var/lib/postgresql/wal/pg_wal/000000010000000000000007' for read
          WAL_REFUSED | unable to open file '/var/lib/postgresql/data/pgbackrest-plugin.copy/pg_wal/archive_status/x' for write
          TABLESPACE_REFUSED | unable to get info for path/file '/var/lib/postgresql/tablespaces/a/data'
          TABLESPACE_REFUSED | unable to open file '/var/lib/postgresql/data/pgdata/pg_tblspc/16384/PG_17_202406281/5/1' for read
          SCRATCH_REFUSED | unable to open file '/run/pgbackrest-plugin/main/pgbackrest.conf' for read
          SCRATCH_REFUSED | unable to create path '/controller/tmp/pgbackrest-plugin/spool/archive/main'
          VOLUME_REFUSED | unable to open file '/var/lib/pgbackrest/backups/demo/archive/main/archive.info' for read
          VOLUME_REFUSED | unable to list file info for path '/var/lib/pgbackrest/backups'
          VOLUME_REFUSED | unable to open file '/var/lib/pgbackrest/backups/data/pgdata/backup/main/backup.info' for read
          VOLUME_REFUSED | unable to list file info for path '/var/lib/pgbackrest/wal/pg_wal'
          """)
  void aPathThatMayNotBeUsedIsCalledWhatItIs(StoreRemedy remedy, String words) {
    assertThat(StoreRemedy.of(words + ": [13] Permission denied"))
        .isEqualTo(words + ": [13] Permission denied; remedy: " + remedy.words());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DATA_FULL | unable to create path '/var/lib/postgresql/data/pgbackrest-plugin.copy/base': [28] No space left on device
          DATA_FULL | unable to fsync file '/var/lib/postgresql/data/pgdata/base/1/1259': [122] Disk quota exceeded
          DATA_FULL | unable to execute query 'select pg_backup_start': ERROR: could not extend file "base/5/16384": No space left on device HINT: Check free disk space.
          DATA_FULL | ERROR: could not write to file "pg_logical/snapshots/0-1.snap": No space left on device
          WAL_FULL | unable to write '/var/lib/postgresql/wal/pg_wal/000000010000000000000007': [28] No space left on device
          WAL_FULL | ERROR: could not write to file "pg_wal/xlogtemp.73": No space left on device
          TABLESPACE_FULL | unable to create path '/var/lib/postgresql/data/pgdata/pg_tblspc/16384/PG_17_202406281': [28] No space left on device
          TABLESPACE_FULL | ERROR: could not extend file "pg_tblspc/16384/PG_17_202406281/5/1": No space left on device
          SCRATCH_FULL | unable to write '/run/pgbackrest-plugin/main/pgbackrest.conf': [28] No space left on device
          POSTGRES_READ_ONLY | unable to create path '/var/lib/postgresql/data/pgbackrest-plugin.copy/base': [30] Read-only file system
          POSTGRES_READ_ONLY | unable to open file '/var/lib/postgresql/tablespaces/a/data/x' for write: [30] Read-only file system
          POSTGRES_READ_ONLY | FATAL: could not open file "global/pg_control": Read-only file system
          POSTGRES_READ_ONLY | unable to open file '/var/lib/postgresql/wal/pg_wal/RECOVERYXLOG' for write: [30] Read-only file system
          POSTGRES_READ_ONLY | PANIC: could not open file "pg_wal/000000010000000000000007": Read-only file system
          FULL | unable to create path '/volumes/backups/archive/main': [28] No space left on device
          FULL | unable to write '/var/lib/pgbackrest/backups/data/pgdata/backup/main/x': [28] No space left on device
          FULL | unable to write '/var/lib/pgbackrest/backups/data/pgdata/backup/main/x': [122] Disk quota exceeded
          VOLUME_NOT_MOUNTED | unable to open file '/volumes/backups/archive/main/archive.info' for write: [30] Read-only file system
          """)
  void aVolumeThatIsFullOrReadOnlyIsCalledWhatItIs(StoreRemedy remedy, String words) {
    assertThat(StoreRemedy.of(words)).isEqualTo(words + "; remedy: " + remedy.words());
  }

  /// pgBackRest then names the error that was last, if there was one, whatever it was of.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FULL | /volumes/backups/archive/main/17-1/0000000100000000/000000010000000000000006-9fa5.pgbackrest.tmp
          FULL | /var/lib/pgbackrest/backups/data/pgdata/backup/main/x
          WAL_FULL | /var/lib/postgresql/data/pgdata/pg_wal/RECOVERYXLOG
          TABLESPACE_FULL | /var/lib/postgresql/tablespaces/late/data/PG_17_202406281/5/16384
          DATA_FULL | /var/lib/postgresql/data/pgbackrest-plugin.copy/base/1/1259
          SCRATCH_FULL | /controller/tmp/pgbackrest-plugin/spool/archive/main/in/x
          """)
  void aFileThatIsWrittenInPartIsOnAFullVolume(StoreRemedy remedy, String file) {
    for (var last :
        List.of(
            "",
            ": [2] No such file or directory",
            ": [11] Resource temporarily unavailable",
            ": [13] Permission denied",
            ": [17] File exists")) {
      var words = "unable to write '%s'%s".formatted(file, last);
      assertThat(StoreRemedy.of(words)).isEqualTo(words + "; remedy: " + remedy.words());
    }
    assertThat(StoreRemedy.of("unable to write '%s': [5] Input/output error".formatted(file)))
        .doesNotContain("is full");
  }

  @Test
  void whatJavaCannotWriteHasTheSameRemedies() {
    var file = "/var/lib/postgresql/data/pgbackrest-plugin.copy/x";

    assertThat(FailureWords.of(new FileSystemException(file, null, "No space left on device")))
        .isEqualTo(
            "FileSystemException: %s: No space left on device; remedy: %s"
                .formatted(file, StoreRemedy.DATA_FULL.words()));
    assertThat(FailureWords.of(new FileSystemException(file, null, "Read-only file system")))
        .endsWith(StoreRemedy.POSTGRES_READ_ONLY.words());
    assertThat(FailureWords.of(new AccessDeniedException(file)))
        .isEqualTo(
            "AccessDeniedException: %s; remedy: %s"
                .formatted(file, StoreRemedy.DATA_REFUSED.words()));
    assertThat(FailureWords.of(new NoSuchFileException(file)))
        .isEqualTo("NoSuchFileException: " + file);
  }

  @Test
  void thePathThatIsRefusedCountsAndNoOtherInTheMessage() {
    assertThat(
            StoreRemedy.of(
                "WAL file '/var/lib/postgresql/data/pgdata/pg_wal/7' is not yet in repository 1: unable to open file"
                    + " '/var/lib/pgbackrest/backups/archive/main/archive.info' for read: [13] Permission denied"))
        .endsWith(StoreRemedy.VOLUME_REFUSED.words());
  }

  /// Java's own refusal has the word that S3 has for credentials.
  @Test
  void whatJavaMayNotWriteIsNotBlamedOnTheCredentials() {
    var wal = "'/var/lib/postgresql/data/pgdata/pg_wal/RECOVERYXLOG'";

    assertThat(
            StoreRemedy.of(
                "cannot write %s: java.nio.file.AccessDeniedException: %s"
                    .formatted(wal, wal.replace("'", ""))))
        .endsWith(StoreRemedy.WAL_REFUSED.words());
    assertThat(StoreRemedy.of("java.nio.file.AccessDeniedException: /elsewhere"))
        .doesNotContain("; remedy: ");
  }

  @Test
  void aPathOfWhichNothingIsKnownHasNoRemedy() {
    var words = "unable to open file '/etc/passwd' for write: [13] Permission denied";

    assertThat(StoreRemedy.of(words)).isEqualTo(words);
  }
}
