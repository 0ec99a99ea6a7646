package com.dalibo.pgbackrest.sidecar.failure;

import com.dalibo.pgbackrest.sidecar.remedy.StoreRemedy;
import java.io.IOException;
import java.nio.file.FileSystemException;

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
    return failure instanceof IOException trouble ? of(trouble, message) : StoreRemedy.of(message);
  }

  /// The message of a file system exception is often the bare path.
  private static String of(IOException failure, String message) {
    var words = failure.getClass().getSimpleName() + ": " + message;
    return failure instanceof FileSystemException ofFile
        ? StoreRemedy.of(ofFile)
            .map(remedy -> words + StoreRemedy.REMEDY + remedy.words())
            .orElse(words)
        : words;
  }
}
