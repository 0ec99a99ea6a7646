package com.dalibo.pgbackrest.sidecar.wal;

import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.postgres.TimelineHistory;
import com.dalibo.pgbackrest.postgres.WalFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A `.history` file that came from a repository. It has no checksum there, and PostgreSQL ends
/// where it cannot read one.
public final class FetchedHistory {
  private FetchedHistory() {}

  /// Returns where it is whole.
  public static void requireIntact(WalFile name, Path file) throws PgBackRestException {
    try {
      var _ =
          TimelineHistory.parse(
              name.timeline(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException damage) {
      throw PgBackRestException.of(
          "archive-get", ErrorCode.CHECKSUM, String.valueOf(damage.getMessage()), damage);
    } catch (IOException unreadable) {
      throw PgBackRestException.of(
          "archive-get", ErrorCode.FILE_READ, unreadable.toString(), unreadable);
    }
  }
}
