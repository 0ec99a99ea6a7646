package com.dalibo.pgbackrest.sidecar.walarchive;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.command.ArchivePush;
import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.error.RepositoryFailure;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.stanza.StanzaCreation;
import com.dalibo.pgbackrest.sidecar.stanza.StanzaCreation.Refusal;
import com.dalibo.pgbackrest.sidecar.stanza.StanzaUpgrade;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// One WAL file into all repositories of a stanza, each of which has got the stanza before.
public final class WalPush {
  private final StanzaCreation creation;
  private final StanzaUpgrade upgrade;
  private final LookAhead ahead;

  public WalPush(StanzaCreation creation, StanzaUpgrade upgrade, LookAhead ahead) {
    this.creation = creation;
    this.upgrade = upgrade;
    this.ahead = ahead;
  }

  ArchivePush push(Cluster cluster, StanzaSession session, WalFile file, Path source)
      throws Exception {
    var refusals = creation.ensure(session);
    if (!refusals.isEmpty()) {
      return pushBeside(refusals, session, file, source);
    }
    try {
      return ahead.push(session, source);
    } catch (PgBackRestException failure) {
      var missing = failedWith(ErrorCode.FILE_MISSING, session, failure);
      var others = failedWith(ErrorCode.ARCHIVE_MISMATCH, session, failure);
      if (missing.isEmpty() && others.isEmpty()) {
        throw explained(session, file, repositories(failure), failure);
      }
      for (var other : others) {
        var lacking = upgrade.upgrade(cluster, session, other);
        if (lacking.isPresent()) {
          throw foreign(session, file, other, lacking.get(), failure);
        }
      }
      // What was there may have been removed since it was asked for.
      missing.forEach(repository -> creation.forget(session, repository));
      return again(session, file, source);
    }
  }

  private ArchivePush again(StanzaSession session, WalFile file, Path source) throws Exception {
    var refusals = creation.ensure(session);
    if (!refusals.isEmpty()) {
      throw explained(session, file, refusals);
    }
    try {
      return ahead.push(session, source);
    } catch (PgBackRestException failure) {
      throw explained(session, file, repositories(failure), failure);
    }
  }

  /// A push would succeed where a stanza is made by half, and then nobody could complete it. The
  /// other repositories do not wait for that one, nor for one where it cannot be created.
  private ArchivePush pushBeside(
      List<Refusal> refusals, StanzaSession session, WalFile file, Path source) throws Exception {
    var left = refusals.stream().map(Refusal::repository).toList();
    var failures = new ArrayList<Refusal>();
    for (var repository : session.numbers()) {
      if (!left.contains(repository)) {
        try {
          var pushed =
              ahead.within(
                  () -> creation.push(() -> session.pgBackRest(repository).archivePushNow(source)));
          if (pushed.dropped()) {
            return pushed;
          }
        } catch (PgBackRestException failure) {
          failures.add(new Refusal(repository, failure));
        }
      }
    }
    failures.addAll(refusals);
    throw explained(session, file, failures);
  }

  /// The repositories where a push failed with this error, for good; all of them where pgBackRest
  /// names none.
  private static List<Integer> failedWith(
      ErrorCode code, StanzaSession session, PgBackRestException failure) {
    if (failure.repositories().isEmpty() && failure.errorCode() == code) {
      return session.numbers();
    }
    return failure.repositories().stream()
        .filter(repository -> repository.errorCode() == code)
        .filter(repository -> !repository.isTransient())
        .map(RepositoryFailure::repository)
        .distinct()
        .toList();
  }

  private static PreconditionException foreign(
      StanzaSession session,
      WalFile file,
      int repository,
      String lacking,
      PgBackRestException failure) {
    return new PreconditionException(
        ("WAL file '%s' was not archived: %s holds the archive of another PostgreSQL, and it is "
                + "not certain that a major upgrade of that made this cluster: %s. Give this cluster a"
                + " Stanza with another repoPath or stanza name: %s")
            .formatted(
                file.name(), where(session, List.of(repository)), lacking, failure.getMessage()),
        failure);
  }

  /// Why a stanza could not be created says more than what a push finds there.
  private static RepositoriesException explained(
      StanzaSession session, WalFile file, List<Refusal> refusals) throws PreconditionException {
    var first = refusals.getFirst();
    return explained(session, file, List.of(first.repository()), first.failure());
  }

  /// pgBackRest's words, after what they mean for this file.
  private static RepositoriesException explained(
      StanzaSession session, WalFile file, List<Integer> repositories, PgBackRestException failure)
      throws PreconditionException {
    var where = where(session, repositories);
    if (isAnyOf(failure, ErrorCode.ARCHIVE_DUPLICATE)) {
      throw new PreconditionException(
          ("WAL file '%s' is already in %s with different content: two servers have written the"
                  + " same timeline (split brain), or another cluster archives there. Nothing was"
                  + " overwritten; find out which server is right before you remove either: %s")
              .formatted(file.name(), where, failure.getMessage()),
          failure);
    }
    if (isAnyOf(failure, ErrorCode.ARCHIVE_MISMATCH, ErrorCode.FILE_INVALID)) {
      throw new PreconditionException(
          ("WAL file '%s' was not archived: %s holds the archive of another PostgreSQL, whose"
                  + " system identifier or version is not that of this data directory. Give this"
                  + " cluster a Stanza with another repoPath or stanza name: %s")
              .formatted(file.name(), where, failure.getMessage()),
          failure);
    }
    return new RepositoriesException(
        "WAL file '%s' is not yet in %s; PostgreSQL keeps it and retries: %s"
            .formatted(file.name(), where, failure.getMessage()),
        failure.isTransient(),
        failure);
  }

  private static boolean isAnyOf(PgBackRestException failure, ErrorCode... codes) {
    var wanted = List.of(codes);
    return Stream.concat(
            Stream.of(failure.errorCode()),
            failure.repositories().stream().map(RepositoryFailure::errorCode))
        .anyMatch(wanted::contains);
  }

  private static List<Integer> repositories(PgBackRestException failure) {
    return failure.repositories().stream().map(RepositoryFailure::repository).distinct().toList();
  }

  private static String where(StanzaSession session, List<Integer> repositories) {
    var stanza = "stanza '%s'".formatted(session.stanza().name());
    if (repositories.isEmpty() && session.repositories().size() > 1) {
      return stanza;
    }
    return "repository %s of %s"
        .formatted(
            session.labels(repositories.isEmpty() ? session.numbers() : repositories), stanza);
  }
}
