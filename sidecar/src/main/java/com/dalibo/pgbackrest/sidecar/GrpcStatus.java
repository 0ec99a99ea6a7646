package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.error.RepositoryFailure;
import com.dalibo.pgbackrest.sidecar.failure.BackupDeletedException;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.ProgramFailedException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.failure.WalGapException;
import com.dalibo.pgbackrest.sidecar.failure.WalNotFoundException;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import io.grpc.Status;
import java.util.concurrent.TimeoutException;

/// The only place that knows gRPC codes: what each failure of ours means to CNPG.
final class GrpcStatus {

  private static final Log log = Log.named("failure");

  private GrpcStatus() {}

  public static Status status(Throwable failure) {
    var status = code(failure);
    if (status.getCode() == Status.Code.INTERNAL
        && !(failure instanceof PgBackRestException)
        && !(failure instanceof ProgramFailedException)) {
      log.error("unexpected error in a call", failure);
    }
    return status.withDescription(FailureWords.of(failure)).withCause(failure);
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
            .anyMatch(GrpcStatus::isForTheUser);
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
}
