package com.dalibo.pgbackrest.sidecar.verify;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.command.VerifyReport;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.process.Interruption;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.WalGap;
import com.dalibo.pgbackrest.sidecar.wal.WalGaps;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.RepositoryIdentity;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.api.status.VerifyStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Verifies repositories where the Stanza says how often: one at a time, aside, and not while a
/// backup runs. A backup that begins ends it; it is done again later.
public final class Verification implements AutoCloseable {
  private static final int UNREAD_IN_A_ROW = 3;
  private static final int LONGEST = 1024;
  private static final Log log = Log.named("verify");

  private final Path pgData;
  private final Duration pause;
  private final Map<RepositoryIdentity, VerifyStatus> results = new ConcurrentHashMap<>();
  private final Map<RepositoryIdentity, Instant> notBefore = new ConcurrentHashMap<>();
  private final Map<RepositoryIdentity, Integer> unread = new ConcurrentHashMap<>();
  private Thread thread = Thread.ofVirtual().unstarted(() -> {});
  private int backups;

  /// @param pause after one that could not be done
  public Verification(Path pgData, Duration pause) {
    this.pgData = pgData;
    this.pause = pause;
  }

  /// What this sidecar found last.
  public Optional<VerifyStatus> result(StanzaSession session, Repository repository) {
    return Optional.ofNullable(results.get(key(session, repository)));
  }

  /// Begins the next one that is due.
  ///
  /// @param done is run when there is a result
  public synchronized void follow(
      StanzaSession session, StanzaInfo info, StanzaStatus status, Runnable done) {
    var schedule = VerifySchedule.of(session.stanza());
    if (schedule.isEmpty() || info.backupLock().held()) {
      stop();
      return;
    }
    if (backups > 0 || thread.isAlive()) {
      return;
    }
    var now = Instant.now();
    session.repositories().stream()
        .filter(repository -> !now.isBefore(notBefore.getOrDefault(key(session, repository), now)))
        .filter(repository -> schedule.get().isDue(repository, status, now))
        .findFirst()
        .ifPresent(
            repository ->
                thread =
                    Thread.ofVirtual()
                        .name("verify")
                        .start(() -> verify(session, repository, info, now, done)));
  }

  /// Returns when no verification runs; none is begun until [#backupEnded()].
  public synchronized void backupStarted() {
    backups++;
    stop();
  }

  public synchronized void backupEnded() {
    backups--;
  }

  /// The caller no longer owns the stanza, or wants to stop.
  public synchronized void stop() {
    if (thread.isAlive()) {
      Interruption.end(thread, Duration.ofSeconds(30));
    }
  }

  @Override
  public void close() {
    stop();
  }

  private void verify(
      StanzaSession session,
      Repository repository,
      StanzaInfo before,
      Instant begun,
      Runnable done) {
    log.info("verification started", session.names(repository));
    try {
      var report = session.pgBackRest().verify(repository.index());
      var after = info(session, repository);
      var gaps = gaps(session, repository, after);
      var unseen =
          labels(after, repository).stream()
              .filter(label -> !report.backups().contains(label))
              .toList();
      var missed = !gaps.isEmpty() || !unseen.isEmpty();
      if ((missed || !report.ok()) && !isSame(before, after, repository)) {
        // Files that expire while they are verified are missing, and are not missed.
        log.info("the repository has changed since", session.names(repository));
        return;
      }
      if (!report.ok() && !report.damage() && !missed && isTriedAgain(session, repository)) {
        notBefore.put(key(session, repository), Instant.now().plus(pause));
        log.warning(
            "the verification could not read everything and will be repeated: "
                + String.join("; ", report.findings()),
            session.names(repository));
        return;
      }
      unread.remove(key(session, repository));
      var result = result(report, unseen, gaps, begun);
      results.put(key(session, repository), result);
      log.info("verification ended: " + result.message(), session.names(repository));
      done.run();
    } catch (PgBackRestException | PreconditionException | IOException trouble) {
      notBefore.put(key(session, repository), Instant.now().plus(pause));
      log.warning(
          "the verification failed: " + FailureWords.of(trouble), session.names(repository));
    } catch (InterruptedException _) {
      log.info("verification stopped", session.names(repository));
    }
  }

  /// A store that fails for a minute is no damage; one that never lets a file be read is.
  private boolean isTriedAgain(StanzaSession session, Repository repository) {
    return unread.merge(key(session, repository), 1, Integer::sum) < UNREAD_IN_A_ROW;
  }

  private static StanzaInfo info(StanzaSession session, Repository repository)
      throws PgBackRestException, PreconditionException, InterruptedException {
    return session
        .info(repository.index())
        .orElseThrow(() -> new PreconditionException("pgbackrest info did not report the stanza"));
  }

  /// What pgBackRest does not look for.
  private List<WalGap> gaps(StanzaSession session, Repository repository, StanzaInfo info)
      throws PgBackRestException, PreconditionException, IOException, InterruptedException {
    return new WalGaps(session, repository.index(), pgData).in(info);
  }

  private static boolean isSame(StanzaInfo before, StanzaInfo after, Repository repository) {
    return labels(before, repository).equals(labels(after, repository))
        && oldestWal(before, repository).equals(oldestWal(after, repository));
  }

  private static List<String> labels(StanzaInfo info, Repository repository) {
    return info.backups(repository.index()).map(BackupInfo::label).toList();
  }

  private static List<String> oldestWal(StanzaInfo info, Repository repository) {
    return info.archives().stream()
        .filter(archive -> archive.repositoryKey() == repository.index())
        .map(archive -> archive.id() + " " + archive.min())
        .toList();
  }

  /// @param unseen backups that pgBackRest lists and has no manifest of, about which it says
  ///   nothing
  private static VerifyStatus result(
      VerifyReport report, List<String> unseen, List<WalGap> gaps, Instant begun) {
    var time = begun.truncatedTo(ChronoUnit.SECONDS).toString();
    var findings =
        Stream.of(
                report.findings().stream(),
                unseen.stream().map("the 'backup.manifest' of backup %s is missing"::formatted),
                gaps.stream().map(gap -> "lacks WAL %s".formatted(gap)))
            .flatMap(each -> each)
            .toList();
    if (findings.isEmpty()) {
      return new VerifyStatus(
          time,
          VerifySchedule.OK,
          "%d backups and %d WAL files are intact"
              .formatted(report.backups().size(), report.walFiles()));
    }
    var words = String.join("; ", findings);
    return new VerifyStatus(
        time, VerifySchedule.ERROR, words.substring(0, Math.min(LONGEST, words.length())));
  }

  private static RepositoryIdentity key(StanzaSession session, Repository repository) {
    return RepositoryIdentity.of(session.stanza(), repository);
  }
}
