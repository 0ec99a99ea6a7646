package com.dalibo.pgbackrest.error;

import java.util.regex.Pattern;

/// Whether an error may pass by itself, by its code and, where one code means many things, by its
/// text. It stands here and not in the sidecar's table of remedies, because commands and answers of
/// this module are repeated by it; the table has remedies only, and its page asks here.
public final class TransientError {
  private static final Pattern PASSING =
      Pattern.compile(
          "HTTP request failed with (?:5\\d\\d|408|429)"
              + "|SlowDown|ServiceUnavailable|RequestTimeout|[rR]ateLimitExceeded"
              + "|timeout|timed out|unexpected eof|unexpected EOF"
              + "|HostConnectError|ServiceError"
              + "|Connection (?:reset|refused)|Broken pipe"
              // A network file system whose server is away.
              + "|Input/output error|Stale file handle|Host is down");

  /// What an SFTP server's refusal is told as, and stays until somebody changes a key. The numbers
  /// are libssh2's for a key that cannot be read, or is not accepted.
  private static final Pattern LASTING =
      Pattern.compile(
          "known hosts failure"
              + "|configured fingerprint"
              + "|hostkey hash type"
              + "|public key authentication failed: libssh2 err(?:or|no) \\[-1[689]\\]");

  /// A header such as 'keep-alive: timeout=5' says nothing about the failure.
  private static final Pattern HEADERS =
      Pattern.compile(
          "\\*{3} (?:Request|Response) Headers \\*{3}:(?:(?!\\*{3}).)*", Pattern.DOTALL);

  private TransientError() {}

  public static boolean of(ErrorCode code, String text) {
    return switch (code.again()) {
      case YES -> !LASTING.matcher(text).find();
      case NO -> false;
      case BY_TEXT -> PASSING.matcher(HEADERS.matcher(text).replaceAll("")).find();
    };
  }
}
