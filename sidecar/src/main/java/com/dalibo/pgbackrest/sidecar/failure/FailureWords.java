package com.dalibo.pgbackrest.sidecar.failure;

import java.io.IOException;

/// A failure in one text, for the person who has to act on it.
public final class FailureWords {
  private FailureWords() {}

  public static String of(Throwable failure) {
    if (failure instanceof InterruptedException) {
      return "the sidecar is stopping; repeat the call";
    }
    var message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName();
    }
    // The message of a file system exception is often the bare path.
    return failure instanceof IOException
        ? failure.getClass().getSimpleName() + ": " + message
        : StoreRemedy.of(message);
  }
}
