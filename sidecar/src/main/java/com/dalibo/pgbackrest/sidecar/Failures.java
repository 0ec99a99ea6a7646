package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.ErrorCode;
import com.dalibo.pgbackrest.program.PgBackRestException;
import com.dalibo.pgbackrest.program.RepositoryFailure;
import com.dalibo.pgbackrest.stanza.ForbiddenException;
import com.dalibo.pgbackrest.stanza.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.UnavailableException;
import io.grpc.Status;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/// The only place that knows gRPC codes: what each failure of ours means to CNPG.
final class Failures {

  private static final Log log = Log.named("failure");

  private Failures() {}

  static Status status(Throwable failure) {
    var status = code(failure);
    if (status.getCode() == Status.Code.INTERNAL
        && !(failure instanceof PgBackRestException)
        && !(failure instanceof ProgramFailedException)) {
      log.error("a call failed in a way nobody thought of", failure);
    }
    return status.withDescription(words(failure)).withCause(failure);
  }

  private static Status code(Throwable failure) {
    return switch (failure) {
      // Every repository was asked and none has it: PostgreSQL ends recovery here.
      case WalNotFoundException _ -> Status.NOT_FOUND;
      // The same name will never be valid.
      case IllegalArgumentException _ -> Status.INVALID_ARGUMENT;
      // The user has to change something.
      case InvalidStanzaException _ -> Status.FAILED_PRECONDITION;
      case PreconditionException _ -> Status.FAILED_PRECONDITION;
      case WalGapException _ -> Status.FAILED_PRECONDITION;
      // The operator has not yet granted the rights, or somebody took them away.
      case ForbiddenException _ -> Status.FAILED_PRECONDITION;
      // The API server, or something else that comes back by itself.
      case UnavailableException _ -> Status.UNAVAILABLE;
      case RepositoriesException failed ->
          failed.mayPass() ? Status.UNAVAILABLE : Status.FAILED_PRECONDITION;
      case PgBackRestException failed when failed.isTransient() -> Status.UNAVAILABLE;
      case PgBackRestException failed when isForTheUser(failed) -> Status.FAILED_PRECONDITION;
      case ProgramFailedException failed -> code(failed.failure());
      // Somebody has deleted what asked for it.
      case BackupDeletedException _ -> Status.CANCELLED;
      // The time the user allowed has passed.
      case TimeoutException _ -> Status.DEADLINE_EXCEEDED;
      // The sidecar is told to stop; its successor can do it.
      case InterruptedException _ -> Status.UNAVAILABLE;
      // A bug, a full disk, a program that is not there: retrying is not what helps.
      default -> Status.INTERNAL;
    };
  }

  /// Credentials, keys, bucket, cipher, a directory that may not be used, an archive of another
  /// cluster: right only after a change.
  private static boolean isForTheUser(PgBackRestException failed) {
    return isForTheUser(failed.errorCode())
        || failed.repositories().stream()
            .map(RepositoryFailure::errorCode)
            .anyMatch(Failures::isForTheUser);
  }

  private static boolean isForTheUser(ErrorCode code) {
    return switch (code) {
      case PROTOCOL,
          CRYPTO,
          FILE_MISSING,
          FILE_OPEN,
          FILE_INFO,
          FILE_WRITE,
          PATH_CREATE,
          PATH_OPEN,
          SERVICE,
          FILE_INVALID,
          FORMAT,
          ARCHIVE_MISMATCH,
          BACKUP_MISMATCH ->
          true;
      default -> false;
    };
  }

  /// The failure in one text, for whoever has to act on it.
  static String words(Throwable failure) {
    if (failure instanceof InterruptedException) {
      return "the sidecar is stopping; the call can be made again";
    }
    var message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName();
    }
    // The message of a file system exception is often the bare path.
    return failure instanceof IOException
        ? failure.getClass().getSimpleName() + ": " + message
        : StorageWords.of(message);
  }
}
