package com.dalibo.pgbackrest.stanza.contract;

import java.util.Optional;
import java.util.regex.Pattern;

/// What the event `BackupCopied` on a Cluster says: the sidecar writes it, and the operator learns
/// from it how far a drill has come.
///
/// @param repository its number, and its name if it has one: `1 (minio)`
/// @param seconds that the copy took
public record CopiedBackup(String label, String repository, long seconds) {
  private static final Pattern FORM =
      Pattern.compile(
          "backup '([^']+)' of repository (\\d+(?: \\([^)]*\\))?) was copied in (\\d{1,9}) seconds; .*");

  public String message() {
    return "backup '%s' of repository %s was copied in %d seconds; PostgreSQL replays WAL now"
        .formatted(label, repository, seconds);
  }

  public static Optional<CopiedBackup> parse(String message) {
    var form = FORM.matcher(message);
    return form.matches()
        ? Optional.of(new CopiedBackup(form.group(1), form.group(2), Long.parseLong(form.group(3))))
        : Optional.empty();
  }
}
