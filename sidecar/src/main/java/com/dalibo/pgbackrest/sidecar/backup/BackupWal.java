package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.postgres.WalRange;
import com.dalibo.pgbackrest.process.LogLine;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The WAL of one backup, awaited as soon as pgBackRest logs where the backup ends: archiving the
/// last segment takes about as long as pgBackRest takes for the rest and the repository for its
/// answer.
///
/// What was awaited so counts where the repository then lists the backup with exactly these
/// segments. Otherwise those that it lists are awaited.
final class BackupWal implements AutoCloseable {
  private static final Pattern EDGE =
      Pattern.compile("backup (start|stop) archive = ([0-9A-F]{24}),.*");

  private final int walSegmentSize;
  private final Function<String, BackupWalWait> waits;
  private @Nullable Begun begun;

  /// @param waits the wait in the archive with this name, such as `17-1`
  BackupWal(int walSegmentSize, Function<String, BackupWalWait> waits) {
    this.walSegmentSize = walSegmentSize;
    this.waits = waits;
  }

  private record Begun(
      String archiveId, List<String> segments, Beside<Optional<String>> firstMissing) {}

  /// A reader of the log of a backup whose WAL goes to this archive.
  Consumer<LogLine> expectedIn(String archiveId) {
    return new Consumer<>() {
      private String start = "";

      @Override
      public void accept(LogLine line) {
        var edge = EDGE.matcher(line.text());
        if (!edge.matches()) {
          return;
        }
        if (edge.group(1).equals("start")) {
          start = edge.group(2);
        } else if (!start.isEmpty()) {
          begin(archiveId, WalRange.between(start, edge.group(2), walSegmentSize));
        }
      }
    };
  }

  private synchronized void begin(String archiveId, WalRange range) {
    if (begun == null) {
      var segments = range.segments().toList();
      var wait = waits.apply(archiveId);
      begun =
          new Begun(
              archiveId,
              segments,
              Beside.start(
                  "wal-of-backup",
                  () -> {
                    wait.untilArchived(segments);
                    return wait.firstMissing(segments);
                  }));
    }
  }

  /// The first of these segments that did not arrive in the archive in time.
  Optional<String> firstMissing(String archiveId, List<String> segments) throws Exception {
    var early = begun();
    return early != null && early.archiveId().equals(archiveId) && early.segments().equals(segments)
        ? early.firstMissing().result()
        : waits.apply(archiveId).firstMissing(segments);
  }

  private synchronized @Nullable Begun begun() {
    return begun;
  }

  @Override
  public void close() {
    var early = begun();
    if (early != null) {
      early.firstMissing().close();
    }
  }
}
