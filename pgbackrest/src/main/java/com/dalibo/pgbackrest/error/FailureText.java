package com.dalibo.pgbackrest.error;

import com.dalibo.pgbackrest.process.LogLine;
import com.dalibo.pgbackrest.process.ProgramOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a log says about why a program failed: the words of its errors, its hints, and the
/// repositories they name.
public record FailureText(
    String errors, @Nullable String hint, List<RepositoryFailure> repositories) {
  private static final String HINT = "HINT: ";
  private static final int MAX = 4000;

  static FailureText of(ProgramOutput output) {
    var lines = output.log().stream().filter(LogLine::isError).toList();
    if (lines.isEmpty()) {
      lines = output.log().stream().filter(line -> line.level() == LogLine.Level.OTHER).toList();
    }
    var words = new ArrayList<String>();
    var hints = new ArrayList<String>();
    lines.stream()
        .flatMap(line -> line.text().lines())
        .distinct()
        .forEach(
            text -> {
              if (text.startsWith(HINT)) {
                hints.add(text.substring(HINT.length()));
              } else {
                words.add(text);
              }
            });
    if (words.isEmpty()) {
      words.add(
          ErrorCode.ofExit(output.exitCode()) == ErrorCode.KILLED
              ? killed(output.exitCode() - 128)
              : "it ended with exit code " + output.exitCode() + " and printed no message");
    }
    var repositories = repositories(output);
    if (isOfAnyRepository(output.exitCode()) && !words.getFirst().endsWith(":")) {
      repositories.forEach(
          failure ->
              words.add("repo%d: %s".formatted(failure.repository(), withoutHints(failure))));
    }
    if (output.exitCode() == ErrorCode.DB_CONNECT.code()) {
      words.addAll(hosts(output));
    }
    return new FailureText(
        shortened(String.join("\n", words)),
        hints.isEmpty() ? null : shortened(String.join(" ", hints)),
        repositories);
  }

  /// Whether pgBackRest says that no repository has served, and has warned of the cause: a backup
  /// is "not valid" also where its list could not be read.
  private static boolean isOfAnyRepository(int exitCode) {
    return exitCode == ErrorCode.REPO_INVALID.code()
        || exitCode == ErrorCode.BACKUP_SET_INVALID.code();
  }

  private static String killed(int signal) {
    return switch (signal) {
      case 9 -> "it was killed, possibly because memory ran out; check the memory limit";
      // What the kernel sends to a program that does what it must not.
      case 4, 6, 7, 8, 11 ->
          "it crashed with signal %d, a fault of pgBackRest: try another version of it, or report it"
              .formatted(signal);
      default -> "it was ended with signal " + signal;
    };
  }

  // archive-push lists them in its last error, archive-get warns about each and then gives up.
  public static List<RepositoryFailure> repositories(ProgramOutput output) {
    return output.log().stream()
        .filter(line -> line.isError() || line.isWarning())
        .flatMap(line -> RepositoryFailure.in(line).stream())
        .distinct()
        .toList();
  }

  /// Why a host could not be worked with: pgBackRest warns of each, and then says only that none is
  /// left.
  private static List<String> hosts(ProgramOutput output) {
    return output.log().stream()
        .filter(LogLine::isWarning)
        .map(LogLine::text)
        .filter(text -> text.startsWith("unable to check pg"))
        .flatMap(text -> text.lines().limit(1))
        .distinct()
        .toList();
  }

  private static String withoutHints(RepositoryFailure failure) {
    return failure
        .message()
        .lines()
        .filter(line -> !line.startsWith(HINT))
        .distinct()
        .collect(Collectors.joining("\n"));
  }

  private static String shortened(String text) {
    return text.length() <= MAX ? text : text.substring(0, MAX) + " ...";
  }
}
