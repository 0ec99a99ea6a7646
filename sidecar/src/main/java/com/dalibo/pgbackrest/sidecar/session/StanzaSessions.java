package com.dalibo.pgbackrest.sidecar.session;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.ProgramFailedException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The stanzas this process works with. What Kubernetes says is believed for three seconds, so that
/// a backlog of WAL costs no reads, and looked at again as soon as a command fails: a rotated key
/// works at the next command.
public final class StanzaSessions {

  /// What is done with a stanza; it may be done twice, the second time with newer settings.
  public interface Work<T> {
    T on(StanzaSession session) throws Exception;
  }

  private static final Duration BELIEVED = Duration.ofSeconds(3);
  private static final Log log = Log.named("stanza");

  private final StanzaOpener opener;
  private final Map<StanzaReference, Slot> slots = new HashMap<>();

  public StanzaSessions(StanzaOpener opener) {
    this.opener = opener;
  }

  /// Only the object, now, for those who need not run anything.
  public Stanza stanza(Cluster cluster, StanzaReference reference)
      throws InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          InterruptedException {
    return opener.read(cluster, reference);
  }

  public StanzaSession open(Cluster cluster, StanzaReference reference)
      throws InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          IOException,
          InterruptedException {
    return slot(reference).open(cluster, reference, BELIEVED);
  }

  /// Does the work; when it fails in pgBackRest and the Stanza, a Secret or a CA has changed since
  /// it was read, does it once more.
  public <T> T with(Cluster cluster, StanzaReference reference, Work<T> work) throws Exception {
    var session = open(cluster, reference);
    try {
      return work.on(session);
    } catch (PgBackRestException
        | ProgramFailedException
        | RepositoriesException
        | PreconditionException failure) {
      var fresh = reopen(cluster, reference, failure);
      if (fresh.isConfiguredAs(session)) {
        throw failure;
      }
      log.info(
          "settings have changed, retrying",
          "stanza",
          reference.stanzaName(),
          "after",
          failure.getMessage());
      return work.on(fresh);
    }
  }

  private <X extends Exception> StanzaSession reopen(
      Cluster cluster, StanzaReference reference, X failure) throws X, InterruptedException {
    try {
      return slot(reference).open(cluster, reference, Duration.ZERO);
    } catch (InvalidStanzaException | ForbiddenException | UnavailableException | IOException e) {
      failure.addSuppressed(e);
      throw failure;
    }
  }

  private synchronized Slot slot(StanzaReference reference) {
    return slots.computeIfAbsent(reference, _ -> new Slot());
  }

  /// One reference; its lock makes concurrent calls share one reading.
  private final class Slot {
    private @Nullable StanzaSession last;
    private long readAt;

    synchronized StanzaSession open(Cluster cluster, StanzaReference reference, Duration believed)
        throws InvalidStanzaException,
            ForbiddenException,
            UnavailableException,
            IOException,
            InterruptedException {
      if (last != null && System.nanoTime() - readAt < believed.toNanos()) {
        return last;
      }
      try {
        last = opener.open(cluster, reference);
      } catch (UnavailableException trouble) {
        // The archive must not depend on the API server: what was right a while ago still is.
        if (last == null) {
          throw trouble;
        }
        log.warning(
            "using settings read earlier",
            "stanza",
            reference.stanzaName(),
            "cause",
            trouble.getMessage());
      }
      readAt = System.nanoTime();
      return last;
    }
  }
}
