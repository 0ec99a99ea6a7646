package com.dalibo.pgbackrest.sidecar.plan;

import com.dalibo.pgbackrest.command.ArchiveGet;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.RepositoryInfo;
import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.postgres.WalRecord;
import com.dalibo.pgbackrest.postgres.WalSequence;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.LeftWal;
import com.dalibo.pgbackrest.sidecar.wal.RecoveryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The records of the WAL that a recovery can reach, read from the repositories.
final class ArchivedWal implements AutoCloseable {
  private final StanzaSession session;
  private final List<RepositoryInfo> silent;
  private final List<String> segments;
  private final Optional<Lsn> left;
  private final Path scratch;
  private final Map<Integer, Optional<Instant>> lastTransactions = new HashMap<>();

  /// @param silent repositories that are not asked
  /// @param path of which is read what is replayed
  /// @param scratch a directory for the segments that are read, two at a time
  ArchivedWal(StanzaSession session, List<RepositoryInfo> silent, RecoveryPath path, Path scratch) {
    this.session = session;
    this.silent = List.copyOf(silent);
    this.segments = path.reach().segments();
    this.left = path.reach().left();
    this.scratch = scratch;
  }

  List<String> segments() {
    return segments;
  }

  /// Reads the records that end in a segment.
  void read(int index, Consumer<WalRecord> reader)
      throws PgBackRestException, IOException, InterruptedException {
    var sequence = new WalSequence();
    if (index > 0) {
      sequence.read(file(index - 1), _ -> {});
    }
    sequence.read(file(index), reader);
  }

  /// When the last of the transactions ended that end in a segment.
  Optional<Instant> lastTransaction(int index)
      throws PgBackRestException, IOException, InterruptedException {
    var known = lastTransactions.get(index);
    if (known != null) {
      return known;
    }
    var last = new Latest();
    read(index, record -> record.ended().ifPresent(last::see));
    lastTransactions.put(index, last.time);
    return last.time;
  }

  private static final class Latest {
    private Optional<Instant> time = Optional.empty();

    void see(Instant other) {
      time = Stream.concat(time.stream(), Stream.of(other)).max(Comparator.naturalOrder());
    }
  }

  /// A segment on disk; the one before it stays.
  Path file(int index) throws PgBackRestException, IOException, InterruptedException {
    var file = scratch.resolve("plan-" + segments.get(index));
    if (!Files.exists(file)) {
      forgetAllBut(index);
      fetch(segments.get(index), file);
      if (left.isPresent() && index == segments.size() - 1) {
        LeftWal.erase(file, left.get());
      }
    }
    return file;
  }

  private void fetch(String segment, Path file)
      throws PgBackRestException, IOException, InterruptedException {
    Optional<PgBackRestException> failure = Optional.empty();
    for (var repository : session.numbers()) {
      if (silent.stream().anyMatch(state -> state.key() == repository)) {
        continue;
      }
      try {
        if (session.pgBackRest().archiveGet(segment, file, repository) == ArchiveGet.FOUND) {
          return;
        }
      } catch (PgBackRestException trouble) {
        failure = Optional.of(trouble);
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    throw new IOException(
        "WAL segment '%s' was in a repository a moment ago and no longer is".formatted(segment));
  }

  private void forgetAllBut(int index) throws IOException {
    var kept =
        Stream.of(index - 1, index, index + 1)
            .filter(near -> near >= 0 && near < segments.size())
            .map(near -> "plan-" + segments.get(near))
            .toList();
    Files.createDirectories(scratch);
    try (var files = Files.newDirectoryStream(scratch, "plan-*")) {
      for (var file : files) {
        if (!kept.contains(String.valueOf(file.getFileName()))) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (!Files.isDirectory(scratch)) {
      return;
    }
    try (var files = Files.newDirectoryStream(scratch, "plan-*")) {
      for (var file : files) {
        Files.deleteIfExists(file);
      }
    }
  }
}
