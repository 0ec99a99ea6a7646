package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// What is known of the repositories, asked for aside and remembered: whoever looks gets what is
/// there, and looking starts the next question when the answer has become old.
final class RepositoryWatch {
  /// The question itself, which may take long.
  interface Question {
    List<RepositorySummary> ask(Cluster cluster) throws Exception;
  }

  /// When and after how many changes the question was asked last, whether it was answered or not.
  private record Asked(long changes, long at) {}

  private static final Log log = Log.named("metrics");

  private final String instance;
  private final Duration fresh;
  private final Question question;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile @Nullable List<RepositorySummary> known;
  private volatile @Nullable Asked asked;

  RepositoryWatch(String instance, Duration fresh, Question question) {
    this.instance = instance;
    this.fresh = fresh;
    this.question = question;
  }

  /// Only the primary asks and tells: the repositories are the same for every instance. A new
  /// number of changes makes the last answer old at once.
  Optional<List<RepositorySummary>> repositories(Cluster cluster, long changes) {
    if (cluster.currentPrimary().filter(instance::equals).isEmpty()) {
      return Optional.empty();
    }
    if (isOld(changes) && asking.compareAndSet(false, true)) {
      Thread.ofVirtual().name("repository-watch").start(() -> ask(cluster, changes));
    }
    return Optional.ofNullable(known);
  }

  private boolean isOld(long changes) {
    var before = asked;
    return before == null
        || before.changes != changes
        || System.nanoTime() - before.at >= fresh.toNanos();
  }

  private void ask(Cluster cluster, long changes) {
    try {
      known = question.ask(cluster);
    } catch (Exception failure) {
      // What was known stays; a later look asks again.
      log.warn("repositories could not be asked", "cause", failure.getMessage());
    } finally {
      asked = new Asked(changes, System.nanoTime());
      asking.set(false);
    }
  }
}
