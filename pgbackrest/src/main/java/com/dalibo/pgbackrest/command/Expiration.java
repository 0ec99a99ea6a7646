package com.dalibo.pgbackrest.command;

import com.dalibo.pgbackrest.process.LogLine;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What `expire` removes from one repository, or would remove.
///
/// @param backups labels, oldest first
/// @param archives ranges of WAL segments, such as `000000010000000000000002 to
///   000000010000000000000004`
public record Expiration(List<String> backups, List<String> archives) {
  private static final Pattern BACKUP =
      Pattern.compile("repo\\d+: remove expired backup ([0-9A-Z_-]+)");
  private static final Pattern ARCHIVE =
      Pattern.compile(
          "repo\\d+: \\S+ remove archive, start = ([0-9A-F]{24}), stop = ([0-9A-F]{24})");

  public Expiration {
    backups = List.copyOf(backups);
    archives = List.copyOf(archives);
  }

  static Expiration of(List<LogLine> log) {
    return new Expiration(
        matches(log, BACKUP).map(backup -> backup.group(1)).sorted().toList(),
        matches(log, ARCHIVE)
            .map(
                archive ->
                    archive.group(1).equals(archive.group(2))
                        ? archive.group(1)
                        : archive.group(1) + " to " + archive.group(2))
            .toList());
  }

  /// Without WAL that ends before this segment. Before the oldest backup begins nothing can be
  /// replayed with it, and it is no loss.
  public Expiration from(String segment) {
    return new Expiration(
        backups,
        archives.stream()
            .filter(archive -> archive.substring(archive.length() - 24).compareTo(segment) >= 0)
            .toList());
  }

  public boolean isEmpty() {
    return backups.isEmpty() && archives.isEmpty();
  }

  private static Stream<MatchResult> matches(List<LogLine> log, Pattern pattern) {
    return log.stream().flatMap(line -> pattern.matcher(line.text()).results());
  }
}
