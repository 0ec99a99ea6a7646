package com.dalibo.pgbackrest.sidecar.walarchive;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What became of the WAL this process was given to archive; the metrics and the status read it.
public final class ArchivingStatistics {

  /// Told when archiving starts to fail, when it works again or for the first time, and when WAL is
  /// lost.
  public interface Listener {
    void turned();
  }

  private long archived;
  private long failed;
  private long dropped;
  private @Nullable Instant lastArchived;
  private @Nullable Instant lastFailure;
  private @Nullable String lastFailureMessage;
  private @Nullable Instant lastDropped;
  private @Nullable Instant archivedUntil;
  private volatile Outcome outcome = Outcome.NONE;
  private volatile Listener listener = () -> {};

  /// What the last attempt came to.
  public enum Outcome {
    /// Nothing is archived here by anybody.
    NOBODY,
    NONE,
    ARCHIVED,
    FAILED,
    DROPPED
  }

  /// Of an inspection, beside which there is no PostgreSQL.
  public static ArchivingStatistics ofNobody() {
    var statistics = new ArchivingStatistics();
    statistics.outcome = Outcome.NOBODY;
    return statistics;
  }

  public void onTurn(Listener changed) {
    listener = changed;
  }

  /// A WAL file was archived to all repositories.
  ///
  /// @param until when PostgreSQL wrote to the file last: all that was committed before is archived
  public void archived(Instant at, Instant until) {
    synchronized (this) {
      archived++;
      lastArchived = at;
      archivedUntil = archivedUntil == null || until.isAfter(archivedUntil) ? until : archivedUntil;
    }
    turn(Outcome.ARCHIVED);
  }

  void failed(Instant at, String message) {
    synchronized (this) {
      failed++;
      lastFailure = at;
      lastFailureMessage = message;
    }
    turn(Outcome.FAILED);
  }

  /// pgBackRest reported success for a segment it threw away.
  public void dropped(Instant at) {
    synchronized (this) {
      dropped++;
      lastDropped = at;
    }
    turn(Outcome.DROPPED);
  }

  private void turn(Outcome now) {
    var before = outcome;
    outcome = now;
    if (before != now) {
      listener.turned();
    }
  }

  public synchronized Counts counts() {
    return new Counts(
        outcome,
        archived,
        failed,
        dropped,
        Optional.ofNullable(lastArchived),
        Optional.ofNullable(lastFailure),
        Optional.ofNullable(lastFailureMessage),
        Optional.ofNullable(lastDropped),
        Optional.ofNullable(archivedUntil));
  }

  public record Counts(
      Outcome outcome,
      long archived,
      long failed,
      long dropped,
      Optional<Instant> lastArchived,
      Optional<Instant> lastFailure,
      Optional<String> lastFailureMessage,
      Optional<Instant> lastDropped,
      Optional<Instant> archivedUntil) {}
}
