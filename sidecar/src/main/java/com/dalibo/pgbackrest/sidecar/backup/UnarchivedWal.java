package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.command.PgBackRest;
import com.dalibo.pgbackrest.error.PgBackRestException;
import java.nio.file.Files;
import java.nio.file.Path;

/// WAL that is complete and waits in the data directory, because archiving goes on only when every
/// repository has a segment, and one is in trouble. A backup needs its WAL in its own repository;
/// what is put there now is found there, and left, when archiving comes to it.
///
/// @param repository the backup's alone
record UnarchivedWal(Path walDirectory, PgBackRest repository) implements BackupWalWait.Source {
  private static final Log log = Log.named("backup");

  @Override
  public void push(String segment) throws InterruptedException {
    var file = walDirectory.resolve(segment);
    if (!Files.exists(walDirectory.resolve("archive_status").resolve(segment + ".ready"))
        || !Files.exists(file)) {
      return;
    }
    try {
      var _ = repository.archivePushNow(file);
      log.info("copied WAL that was not yet archived to the repository", "walFile", segment);
    } catch (PgBackRestException failure) {
      log.warning(
          "cannot copy WAL that is not yet archived to the repository",
          "walFile",
          segment,
          "cause",
          failure.getMessage());
    }
  }
}
