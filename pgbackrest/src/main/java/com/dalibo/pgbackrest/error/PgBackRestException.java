package com.dalibo.pgbackrest.error;

import com.dalibo.pgbackrest.process.ProgramOutput;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A command of pgBackRest that failed. Its message is a whole sentence with pgBackRest's own words
/// and hints.
public final class PgBackRestException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String command;
  private final int code;
  private final ErrorCode errorCode;
  private final String errors;
  private final @Nullable String hint;
  private final transient List<RepositoryFailure> repositories;

  public PgBackRestException(
      String command,
      int code,
      ErrorCode errorCode,
      String errors,
      @Nullable String hint,
      List<RepositoryFailure> repositories,
      @Nullable Throwable cause) {
    super(message(command, code, errorCode, errors, hint), cause);
    this.command = command;
    this.code = code;
    this.errorCode = errorCode;
    this.errors = errors;
    this.hint = hint;
    this.repositories = List.copyOf(repositories);
  }

  /// From the exit code and the log of a program that ended.
  public static PgBackRestException of(String command, ProgramOutput output) {
    var text = FailureText.of(output);
    return new PgBackRestException(
        command,
        output.exitCode(),
        ErrorCode.ofExit(output.exitCode()),
        text.errors(),
        text.hint(),
        text.repositories(),
        null);
  }

  /// For what went wrong around the program rather than in it. What was noticed without the program
  /// having said it.
  public static PgBackRestException of(
      String command, ErrorCode errorCode, String text, @Nullable Throwable cause) {
    return new PgBackRestException(
        command, errorCode.code(), errorCode, text, null, List.of(), cause);
  }

  public String command() {
    return command;
  }

  /// The exit code; negative where pgBackRest had no say (see [ErrorCode]).
  public int code() {
    return code;
  }

  public ErrorCode errorCode() {
    return errorCode;
  }

  /// pgBackRest's own words, without hints.
  public String errors() {
    return errors;
  }

  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }

  /// The repositories that failed, where pgBackRest said which.
  public List<RepositoryFailure> repositories() {
    return repositories;
  }

  /// Whether the same command may succeed later without anyone changing anything.
  public boolean isTransient() {
    if (repositories.isEmpty()) {
      return TransientError.of(errorCode, errors);
    }
    return repositories.stream().allMatch(RepositoryFailure::isTransient);
  }

  private static String message(
      String command, int code, ErrorCode errorCode, String errors, @Nullable String hint) {
    var number = code > 0 ? code + " " : "";
    var sentence =
        "pgbackrest %s failed [%s%s]: %s"
            .formatted(command, number, errorCode.label(), oneLine(errors));
    return hint == null ? sentence : sentence + "; HINT: " + oneLine(hint);
  }

  private static String oneLine(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining(" "));
  }
}
