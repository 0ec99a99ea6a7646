package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.failure.WalGapException;
import com.dalibo.pgbackrest.sidecar.failure.WalNotFoundException;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.sidecar.walretry.RestoreMode;
import com.dalibo.pgbackrest.sidecar.walretry.WalRetries;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.cluster.WalSource;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Hands over the WAL file that the PostgreSQL here asks for, from the store that its role in the
/// cluster calls for. A failure that may pass is waited out where PostgreSQL would otherwise take
/// it for the end of WAL.
public final class WalRestorer {

  private static final Log log = Log.named("wal-restore");

  private final String podName;
  private final Path pgData;
  private final WalSearch search;
  private final NotFoundMarkers markers;
  private final WalRetries retries;

  public WalRestorer(
      String podName,
      Path pgData,
      StanzaSessions sessions,
      WalGet walGet,
      Prefetch prefetch,
      TimelineGuard timelineGuard,
      LeftWalGuard leftWal,
      RecoveryGapCheck gaps,
      NotFoundMarkers markers,
      Events events) {
    this.podName = podName;
    this.pgData = pgData;
    this.search = new WalSearch(sessions, walGet, prefetch, timelineGuard, leftWal, gaps);
    this.markers = markers;
    this.retries = new WalRetries(podName, pgData, events);
  }

  /// From now on only what PostgreSQL asks for is fetched.
  public void close() {
    search.close();
  }

  public void fetch(Cluster cluster, String name, Path destination, RestoreMode mode)
      throws Exception {
    var file = WalFile.parse(name);
    check(destination);
    var store =
        WalSource.choose(cluster, podName)
            .orElseThrow(
                () ->
                    new WalNotFoundException(
                        "WAL file '%s' is not available: the Cluster '%s' has no archive to read from"
                            .formatted(name, cluster.name())));
    if (cluster.isBootstrapping()
        && RecoveryRecord.of(cluster, pgData)
            .filter(record -> record.stopsBefore(file))
            .isPresent()) {
      log.info("recovery stops before what was archived since it began", "walFile", file.name());
      search.dropPrefetched();
      conclude(cluster, store, file, false);
      return;
    }
    var retry = retries.begin(cluster, file, store, mode);
    while (true) {
      retry.begin();
      try {
        var found = search.find(cluster, store, file, destination, mode, retry);
        retry.answered();
        conclude(cluster, store, file, found);
        return;
      } catch (UnavailableException
          | WalGapException
          | ForbiddenException
          | InvalidStanzaException
          | PreconditionException
          | RepositoriesException
          | PgBackRestException failure) {
        search.dropPrefetched();
        retry.failed(failure);
      } catch (WalNotFoundException refusal) {
        search.dropPrefetched();
        if (cluster.isBootstrapping()) {
          markers.add(file.name());
        }
        throw refusal;
      }
    }
  }

  private void conclude(Cluster cluster, StanzaReference store, WalFile file, boolean found)
      throws WalNotFoundException, PreconditionException, IOException {
    if (found) {
      markers.remove(file.name());
      log.info("restored", "walFile", file.name(), "stanza", store.stanzaName());
      return;
    }
    if (cluster.isBootstrapping()) {
      markers.add(file.name());
      noteEnd(cluster, file);
      log.info("not in any repository", "walFile", file.name(), "stanza", store.stanzaName());
    }
    throw new WalNotFoundException(
        "WAL file '%s' is in no repository of stanza '%s'"
            .formatted(file.name(), store.stanzaName()));
  }

  /// For the next try, if PostgreSQL fails now because it has not reached its target.
  private void noteEnd(Cluster cluster, WalFile file) throws PreconditionException, IOException {
    var record = RecoveryRecord.of(cluster, pgData);
    if (record.isPresent() && file.kind() == WalFile.Kind.SEGMENT) {
      record.get().endingBefore(file.name()).write(pgData);
    }
  }

  private static void check(Path destination) {
    var directory = destination.getParent();
    if (!destination.isAbsolute() || directory == null) {
      throw new IllegalArgumentException(
          "the destination '%s' of a WAL file must be an absolute path".formatted(destination));
    }
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "the destination '%s' cannot be written: there is no directory '%s'"
              .formatted(destination, directory));
    }
  }
}
