package com.dalibo.pgbackrest.sidecar.walarchive;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.command.ArchivePush;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.ownership.EmptyArchiveCheck;
import com.dalibo.pgbackrest.sidecar.ownership.OwnershipGuard;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Archives one WAL file of the PostgreSQL here: in every repository of the cluster's stanza before
/// it says so.
///
/// Whether this instance is the primary is not asked: a former primary archives what it still has,
/// and a demoted one its last, partial segment.
public final class WalArchiver {

  private static final Log log = Log.named("wal-archive");

  private final Path pgData;
  private final StanzaSessions sessions;
  private final OwnershipGuard guard;
  private final WalPush push;
  private final LookAhead ahead;
  private final ConflictingHistory conflicting;
  private final ArchivingStatistics statistics;
  private final Events events;
  private final AtomicInteger running = new AtomicInteger();
  private final Set<String> bystanders = ConcurrentHashMap.newKeySet();

  public WalArchiver(
      Path pgData,
      StanzaSessions sessions,
      OwnershipGuard guard,
      WalPush push,
      LookAhead ahead,
      ConflictingHistory conflicting,
      ArchivingStatistics statistics,
      Events events) {
    this.pgData = pgData;
    this.sessions = sessions;
    this.guard = guard;
    this.push = push;
    this.ahead = ahead;
    this.conflicting = conflicting;
    this.statistics = statistics;
    this.events = events;
  }

  /// Archives a WAL file to all repositories, or throws.
  ///
  /// @param check whether a first write needs an empty archive
  public void archive(Cluster cluster, Path source, EmptyArchiveCheck check) throws Exception {
    if (!isArchiver(cluster)) {
      return;
    }
    requireInstance(cluster);
    running.incrementAndGet();
    try {
      var file = check(source);
      var started = Instant.now();
      // Before it is archived: PostgreSQL may write the next segment into the same file.
      var written = Files.getLastModifiedTime(source).toInstant();
      var pushed = archive(cluster, file, source, check);
      if (pushed.isEmpty()) {
        reportConflicting(cluster, file);
        return;
      }
      if (pushed.get().dropped()) {
        reportDropped(cluster, file);
        return;
      }
      statistics.archived(
          Instant.now(), file.kind() == WalFile.Kind.SEGMENT ? written : Instant.EPOCH);
      log.info(
          "archived",
          "walFile",
          file.name(),
          "milliseconds",
          Duration.between(started, Instant.now()).toMillis());
    } catch (InterruptedException stopped) {
      throw stopped;
    } catch (Exception failure) {
      ahead.forget();
      var words = FailureWords.of(failure);
      statistics.failed(Instant.now(), words);
      log.warning("not archived", "walFile", source.getFileName(), "cause", words);
      throw failure;
    } finally {
      running.decrementAndGet();
    }
  }

  /// Returns when nothing that PostgreSQL asked for is being archived, or after this time. Nothing
  /// else is begun from then on.
  public void awaitIdle(Duration limit) throws InterruptedException {
    ahead.close();
    var until = System.nanoTime() + limit.toNanos();
    while (running.get() > 0 && System.nanoTime() < until) {
      Thread.sleep(20);
    }
  }

  /// Empty for a file that is left alone. What initdb, a restore or a recovery writes belongs to
  /// nobody yet.
  private static void requireInstance(Cluster cluster) throws PreconditionException {
    if (cluster.currentPrimary().isEmpty()) {
      throw new PreconditionException(
          "cluster '%s' has no primary yet, and nothing is archived until then; PostgreSQL keeps its WAL and retries"
              .formatted(cluster.name()));
    }
  }

  private Optional<ArchivePush> archive(
      Cluster cluster, WalFile file, Path source, EmptyArchiveCheck check) throws Exception {
    var reference = StanzaReferences.of(cluster).get(StanzaPurpose.ARCHIVE);
    return sessions.with(
        cluster,
        reference,
        session -> {
          guard.admit(cluster, session, check);
          if (conflicting.conflicts(cluster, session, file, source)) {
            return Optional.empty();
          }
          var result = push.push(cluster, session, file, source);
          guard.written();
          if (!result.dropped()) {
            ahead.archived(
                cluster, reference, file, source, ControlFile.read(pgData).walSegmentSize());
          }
          return Optional.of(result);
        });
  }

  /// To CNPG it is archived: it has to go on, to pg_rewind.
  private void reportConflicting(Cluster cluster, WalFile file) {
    var words =
        "history '%s' was not archived: the archive has another history of that timeline, which was started twice; that of the primary is kept"
            .formatted(file.name());
    log.warning(words);
    events.warning(cluster, RestoreReason.HISTORY_NOT_ARCHIVED, words);
  }

  /// CNPG sends WAL to every plugin that could archive, also where the user named another archiver;
  /// a failure here would stop that one too.
  private boolean isArchiver(Cluster cluster) {
    if (cluster.archivesHere()) {
      return true;
    }
    if (bystanders.add(cluster.uid())) {
      log.info(
          "WAL of this cluster is not archived here: its plugin entry does not say 'isWALArchiver:"
              + " true'",
          "cluster",
          cluster.name());
    }
    return false;
  }

  /// pgBackRest itself archives whatever it is given, also half a segment.
  private WalFile check(Path source) throws IOException {
    var file = WalFile.parse(String.valueOf(source.getFileName()));
    if (!source.isAbsolute()) {
      throw new IllegalArgumentException(
          "the path '%s' of a WAL file must be absolute".formatted(source));
    }
    if (!Files.isRegularFile(source)) {
      throw new IllegalArgumentException("there is no WAL file '%s' to archive".formatted(source));
    }
    if (file.kind() == WalFile.Kind.SEGMENT || file.kind() == WalFile.Kind.PARTIAL) {
      var expected = ControlFile.read(pgData).walSegmentSize();
      var size = Files.size(source);
      if (size != expected) {
        throw new IllegalArgumentException(
            "WAL file '%s' has %d bytes instead of %d; it is truncated and was not archived: check that its volume is not full"
                .formatted(source, size, expected));
      }
    }
    return file;
  }

  private void reportDropped(Cluster cluster, WalFile file) {
    statistics.dropped(Instant.now());
    log.error(
        "pgbackrest DROPPED a WAL file: the archive queue is longer than 'archive.pushQueueMax'",
        null,
        "walFile",
        file.name());
    events.warning(
        cluster,
        StanzaReason.WAL_DROPPED,
        "pgbackrest dropped WAL because the archive queue is longer than 'archive.pushQueueMax':"
            + " there is a gap in the archive; take a new full backup, and find out why archiving "
            + "was slow or failed");
  }
}
