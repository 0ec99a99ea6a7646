package com.dalibo.pgbackrest.command;

import com.dalibo.pgbackrest.process.LogLine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What `verify` found in one repository. WAL that is missing between two segments is none of its
/// findings: it looks at what is there.
///
/// @param findings each in one sentence; none where all is whole
/// @param damage whether something is known to be missing or damaged, and not only could not be
///   read
/// @param backups the labels of the backups that were looked at: those with a manifest
/// @param walFiles how many WAL files were looked at
public record VerifyReport(
    List<String> findings, boolean damage, Set<String> backups, long walFiles) {
  private static final Pattern STATUS = Pattern.compile("status: (\\w+)");
  private static final Pattern ARCHIVE =
      Pattern.compile("archiveId: (\\S+), total WAL checked: (\\d+), .*");
  private static final Pattern BACKUP =
      Pattern.compile("backup: (\\S+), status: ([a-z-]+), total files checked: (\\d+), .*");
  private static final Pattern COUNT = Pattern.compile("([a-z ]+): (\\d+)");
  private static final Pattern FILE =
      Pattern.compile("(?:file missing|invalid checksum|invalid size|.*unable to).*");
  private static final int NAMED_FILES = 3;

  public VerifyReport {
    findings = List.copyOf(findings);
    backups = Set.copyOf(backups);
  }

  public boolean ok() {
    return findings.isEmpty();
  }

  /// Empty where there is no verdict in the text.
  static Optional<VerifyReport> parse(String text, List<LogLine> log) {
    var reading = new Reading();
    text.lines().map(String::strip).forEach(reading::line);
    return reading.report(files(log));
  }

  /// The first files that are not as they should be, in pgBackRest's words.
  private static List<String> files(List<LogLine> log) {
    return log.stream()
        .map(LogLine::text)
        .filter(words -> FILE.matcher(words).matches())
        .limit(NAMED_FILES)
        .toList();
  }

  /// Files that are not as they should be.
  ///
  /// @param what `missing`, `checksum invalid`, `size invalid` or `other`
  private record Bad(String what, String count) {
    /// The others could not be read, whatever the reason.
    boolean isDamage() {
      return !what.equals("other");
    }

    /// `2 checksum invalid`
    @Override
    public String toString() {
      return count + " " + what;
    }
  }

  /// The text line by line: what a line of counts is about stands in the line before it.
  private static final class Reading {
    private final List<String> findings = new ArrayList<>();
    private String verdict = "";
    private String about = "";
    private boolean damage;
    private final Set<String> backups = new HashSet<>();
    private long walFiles;

    void line(String line) {
      var status = STATUS.matcher(line);
      var archive = ARCHIVE.matcher(line);
      var backup = BACKUP.matcher(line);
      if (status.matches()) {
        verdict = status.group(1);
      } else if (archive.matches()) {
        about = "of %s WAL files of archive %s".formatted(archive.group(2), archive.group(1));
        walFiles += Long.parseLong(archive.group(2));
      } else if (backup.matches()) {
        about = "of %s files of backup %s".formatted(backup.group(3), backup.group(1));
        backups.add(backup.group(1));
      } else if (COUNT.matcher(line).lookingAt()) {
        counts(line);
      }
    }

    private void counts(String line) {
      var bad =
          COUNT
              .matcher(line)
              .results()
              .filter(count -> !count.group(2).equals("0"))
              .map(count -> new Bad(count.group(1).strip(), count.group(2)))
              .toList();
      if (!bad.isEmpty() && !about.isEmpty()) {
        findings.add(
            "%s %s"
                .formatted(
                    bad.stream().map(Bad::toString).collect(Collectors.joining(" and ")), about));
        damage |= bad.stream().anyMatch(Bad::isDamage);
      }
      about = "";
    }

    Optional<VerifyReport> report(List<String> files) {
      if (verdict.isEmpty()) {
        return Optional.empty();
      }
      if (verdict.equals("ok")) {
        return Optional.of(new VerifyReport(List.of(), false, backups, walFiles));
      }
      var all = Stream.concat(findings.stream(), files.stream()).toList();
      return Optional.of(
          new VerifyReport(
              all.isEmpty() ? List.of("pgbackrest verify reports '%s'".formatted(verdict)) : all,
              damage || findings.isEmpty(),
              backups,
              walFiles));
    }
  }
}
