package com.dalibo.pgbackrest.info;

import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.TransientError;
import java.util.Optional;
import java.util.regex.Pattern;

/// One repository's state for a stanza.
public record RepositoryInfo(int key, String cipher, StatusCode code, String message) {
  private static final Pattern NAMED = Pattern.compile("^\\[([A-Za-z]+)\\] .*", Pattern.DOTALL);

  /// Whether `info` could look into it.
  public boolean readable() {
    return code != StatusCode.OTHER;
  }

  /// The error that the message names, where it could not be read: `[HostConnectError] ...`.
  public Optional<ErrorCode> errorCode() {
    var matcher = NAMED.matcher(message);
    return matcher.matches() ? ErrorCode.ofName(matcher.group(1)) : Optional.empty();
  }

  public boolean isTransient() {
    return errorCode().map(error -> TransientError.of(error, message)).orElse(false);
  }
}
