package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.command.ArchiveGet;
import com.dalibo.pgbackrest.command.PgBackRest;
import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.error.RepositoryFailure;
import com.dalibo.pgbackrest.error.UnreadableContent;
import com.dalibo.pgbackrest.info.StatusCode;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.process.ProgramRunner;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.FetchedHistory;
import com.dalibo.pgbackrest.sidecar.wal.SegmentChecksums;
import com.dalibo.pgbackrest.sidecar.walretry.WalRetryPolicy;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.contract.MissingWal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// Asks the repositories of a stanza for a file, one by one: each has it, has not, or cannot say.
/// pgBackRest, asked for all of them at once, calls it "not found" when one has not and another
/// cannot say.
public final class WalGet {

  /// Where nothing but the right data helps, and a program that hangs is started again.
  private static final Duration WITHOUT_PROGRESS = Duration.ofMinutes(5);

  private static final Log log = Log.named("wal-restore");

  private final RepositoryOrder order = new RepositoryOrder();
  private final FetchDeadlines deadlines = new FetchDeadlines();
  private final BooleanSupplier isUrgent;
  private final SegmentChecksums checksums;

  public WalGet(Path pgData, ProgramRunner runner) {
    this.checksums = new SegmentChecksums(pgData, runner);
    // What pg_ctl writes to ask for a promotion; PostgreSQL takes it away when it has seen it,
    // which it cannot while it waits for us.
    var asked = pgData.resolve("promote");
    this.isUrgent = () -> Files.exists(asked);
  }

  /// Whether the file is at the destination now; false only if every repository said it has none.
  ///
  /// @param budget how long the answer may take in all, where nothing of the file arrives
  boolean fetch(
      StanzaSession session,
      String name,
      Path destination,
      WalRetryPolicy policy,
      Optional<Duration> budget)
      throws RepositoriesException, PreconditionException, InterruptedException {
    var stanza = session.stanza().name();
    var repositories = order.of(session);
    var deadline =
        budget
            .map(all -> all.dividedBy(repositories.size()))
            .orElseGet(
                () ->
                    policy == WalRetryPolicy.ONCE ? deadlines.of(stanza, name) : WITHOUT_PROGRESS);
    var program = session.pgBackRest().within(deadline);
    var absent = new ArrayList<Integer>();
    var withoutStanza = new ArrayList<Integer>();
    var failures = new LinkedHashMap<Integer, PgBackRestException>();
    for (var repository : repositories) {
      try {
        var answer = program.archiveGet(name, destination, repository, isUrgent);
        order.answered(session, repository);
        if (answer == ArchiveGet.FOUND) {
          deadlines.arrived(stanza, name);
          requireIntact(session, program, repository, name, destination, policy);
          return true;
        }
        absent.add(repository);
      } catch (PgBackRestException failure) {
        if (hasNoStanza(program, session, repository, failure)) {
          withoutStanza.add(repository);
        } else {
          order.failed(session, repository);
          if (failure.errorCode() == ErrorCode.DEADLINE && policy == WalRetryPolicy.ONCE) {
            deadlines.wasTooShort(stanza, name, deadline);
          }
          failures.put(repository, failure);
        }
      }
    }
    if (!failures.isEmpty()) {
      throw unknown(session, name, policy, failures);
    }
    if (absent.isEmpty() && session.purpose() != StanzaPurpose.ARCHIVE) {
      throw nothingThere(session, withoutStanza);
    }
    return false;
  }

  /// PostgreSQL takes a damaged record for the end of the WAL. A new cluster goes live there, as
  /// does what is promoted; a standby or a replica cluster gets no further.
  private void requireIntact(
      StanzaSession session,
      PgBackRest program,
      int repository,
      String name,
      Path destination,
      WalRetryPolicy policy)
      throws PgBackRestException, InterruptedException {
    var mayPass = false;
    try {
      switch (WalFile.parse(name).kind()) {
        case SEGMENT, PARTIAL -> {
          if (!isIntact(session, program, repository, name, destination, policy)) {
            throw PgBackRestException.of(
                "archive-get",
                ErrorCode.CHECKSUM,
                "its content does not have the checksum of its name",
                null);
          }
        }
        case HISTORY -> FetchedHistory.requireIntact(WalFile.parse(name), destination);
        case BACKUP -> {}
      }
      mayPass = true;
    } catch (PgBackRestException damage) {
      if (damage.errorCode() == ErrorCode.CHECKSUM) {
        log.warning(
            "a WAL file is damaged in the repository",
            session.names(
                session.repository(repository), "walFile", name, "cause", damage.errors()));
      }
      throw damage;
    } finally {
      if (!mayPass) {
        delete(destination);
      }
    }
  }

  private boolean isIntact(
      StanzaSession session,
      PgBackRest program,
      int repository,
      String name,
      Path destination,
      WalRetryPolicy policy)
      throws PgBackRestException, InterruptedException {
    try {
      return checksums.isIntact(session, program, repository, name, destination);
    } catch (IOException | PgBackRestException trouble) {
      if (policy.passesUncompared()) {
        log.warning(
            "a WAL file is not compared with its checksum",
            session.names(
                session.repository(repository), "walFile", name, "cause", trouble.getMessage()));
        return true;
      }
      if (trouble instanceof PgBackRestException failure) {
        throw failure;
      }
      throw PgBackRestException.of(
          "archive-get",
          ErrorCode.FILE_READ,
          "its checksum cannot be compared: " + trouble.getMessage(),
          trouble);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException trouble) {
      log.debug("a damaged WAL file stays", "file", file, "cause", trouble.getMessage());
    }
  }

  /// A repository that was added later, and never written to, has nothing; but one whose bucket
  /// does not exist fails the same way, and says nothing about WAL. `info` tells them apart.
  private static boolean hasNoStanza(
      PgBackRest program, StanzaSession session, int repository, PgBackRestException failure)
      throws InterruptedException {
    var looksSo =
        failure.errorCode() == ErrorCode.FILE_MISSING
            || failure.repositories().stream()
                .map(RepositoryFailure::errorCode)
                .anyMatch(ErrorCode.FILE_MISSING::equals);
    if (!looksSo || failure.isTransient()) {
      return false;
    }
    try {
      return program
          .info(repository)
          .stanza(session.configuration().stanza())
          .flatMap(stanza -> stanza.repository(repository))
          .filter(state -> state.code() == StatusCode.MISSING_STANZA_PATH)
          .isPresent();
    } catch (PgBackRestException _) {
      return false;
    }
  }

  private static RepositoriesException unknown(
      StanzaSession session,
      String name,
      WalRetryPolicy policy,
      Map<Integer, PgBackRestException> failures) {
    var first = failures.values().iterator().next();
    if (failures.values().stream().allMatch(WalGet::isDamage)) {
      return new RepositoriesException(
          damaged(
              name,
              session,
              failures,
              session.purpose() == StanzaPurpose.RECOVERY
                  || policy == WalRetryPolicy.UNTIL_PUT_RIGHT),
          false,
          first);
    }
    return new RepositoriesException(
        "cannot determine whether WAL file '%s' is in repository %s of stanza '%s': %s"
            .formatted(
                name,
                session.labels(List.copyOf(failures.keySet())),
                session.stanza().name(),
                failures.values().stream()
                    .map(PgBackRestException::getMessage)
                    .distinct()
                    .collect(Collectors.joining("; "))),
        failures.values().stream().anyMatch(PgBackRestException::isTransient),
        first);
  }

  private static boolean isDamage(PgBackRestException failure) {
    return failure.errorCode() == ErrorCode.CHECKSUM || isUnreadable(failure);
  }

  private static boolean isUnreadable(PgBackRestException failure) {
    return UnreadableContent.isIn(failure.errors());
  }

  private static String damaged(
      String name,
      StanzaSession session,
      Map<Integer, PgBackRestException> failures,
      boolean isNew) {
    var repositories = session.labels(List.copyOf(failures.keySet()));
    var stanza = session.stanza().name();
    if (WalFile.parse(name).kind() == WalFile.Kind.HISTORY
        && failures.values().stream().noneMatch(WalGet::isUnreadable)) {
      return MissingWal.damaged(
          name, repositories, stanza, failures.values().iterator().next().errors(), isNew);
    }
    return failures.values().stream()
        .filter(WalGet::isUnreadable)
        .findFirst()
        .map(
            failure ->
                MissingWal.damaged(
                    name,
                    repositories,
                    stanza,
                    "it cannot be decrypted or decompressed (%s)".formatted(failure.getMessage()),
                    isNew))
        .orElseGet(() -> MissingWal.damaged(name, repositories, stanza, isNew));
  }

  private static PreconditionException nothingThere(
      StanzaSession session, List<Integer> repositories) {
    return new PreconditionException(
        "repository %s of stanza '%s' has no stanza '%s' to recover from; correct repoPath or stanzaConfiguration.name"
            .formatted(
                session.labels(repositories),
                session.stanza().name(),
                session.configuration().stanza()));
  }
}
