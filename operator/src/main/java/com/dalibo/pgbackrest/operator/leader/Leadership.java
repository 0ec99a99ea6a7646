package com.dalibo.pgbackrest.operator.leader;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Which replica carries out the [tasks][LeaderTask]. All replicas answer CNPG; only what must not
/// be done twice is done here.
public final class Leadership implements AutoCloseable {

  /// CNPG names the Lease of a Cluster after the Cluster, and that name has no dots.
  static final String LEASE = Plugin.NAME;

  /// The leader asks twice each time, every other replica once: of all that the operator asks of
  /// the API server when nothing changes, most. The leader has two more attempts before it gives
  /// up.
  private static final Lease RULES =
      new Lease(
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          Duration.ofSeconds(8),
          Duration.ofSeconds(4));

  private static final long SETTLING_MILLIS = 100;

  /// So that a storm of changes takes no more than a fifth of the time for itself.
  private static final int PAUSE_TO_WORK = 4;

  private static final Log LOG = Log.of(Leadership.class);

  private final List<LeaderTask> tasks;
  private final Lease lease;
  private final KubernetesClient client;
  private final LeaseLock lock;
  private final AtomicBoolean prompted = new AtomicBoolean();
  private volatile long promptedMillis;
  private volatile boolean closed;
  private volatile @Nullable Election election;
  private @Nullable ScheduledExecutorService working;

  /// What the replicas agree on.
  ///
  /// @param duration after which another replica takes a lease that was not renewed
  /// @param renewal within which the leader renews it, or leads no longer
  /// @param period between two attempts
  /// @param answer in which the API server answers: an attempt that waited longer would keep one
  ///   leading whose lease another has taken
  record Lease(Duration duration, Duration renewal, Duration period, Duration answer) {}

  /// One candidacy: an elector serves for no second one.
  private record Election(LeaderElector elector, CompletableFuture<?> end) {}

  public Leadership(
      KubernetesClient client, String namespace, String podName, List<LeaderTask> tasks) {
    this(client, namespace, podName, tasks, RULES);
  }

  Leadership(
      KubernetesClient client,
      String namespace,
      String podName,
      List<LeaderTask> tasks,
      Lease lease) {
    this.tasks = List.copyOf(tasks);
    this.lease = lease;
    this.lock = new LeaseLock(namespace, LEASE, podName);
    this.client = client.newClient(impatient(lease)).adapt(KubernetesClient.class);
  }

  /// The next attempt is the retry.
  private static RequestConfig impatient(Lease lease) {
    return new RequestConfigBuilder()
        .withRequestTimeout(Math.toIntExact(lease.answer.toMillis()))
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  private LeaderElector elector() {
    return client
        .leaderElector()
        .withConfig(
            new LeaderElectionConfigBuilder()
                .withName(LEASE)
                .withLock(lock)
                .withLeaseDuration(lease.duration)
                .withRenewDeadline(lease.renewal)
                .withRetryPeriod(lease.period)
                // Who has lost the lease stops first; who stops in peace releases it afterwards.
                .withReleaseOnCancel(false)
                .withLeaderCallbacks(
                    new LeaderCallbacks(
                        this::begin,
                        this::end,
                        leader -> LOG.info("a replica leads", "leader", leader)))
                .build())
        .build();
  }

  /// Stands for election, and again whenever the lease was lost, as it is while the API server is
  /// away.
  public void start() {
    if (closed) {
      return;
    }
    var elector = elector();
    var end = elector.start();
    election = new Election(elector, end);
    var _ =
        end.whenComplete(
            (_, failure) -> {
              if (!closed) {
                if (failure != null) {
                  LOG.warning("the election failed", "cause", failure.getMessage());
                }
                CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS).execute(this::start);
              }
            });
  }

  /// An object has changed. Changes that come while the work for an earlier one waits are one with
  /// it.
  public void objectChanged() {
    if (prompted.compareAndSet(false, true)) {
      submit();
    }
  }

  private synchronized void submit() {
    if (working == null) {
      prompted.set(false);
      return;
    }
    try {
      var pause = Math.max(SETTLING_MILLIS, PAUSE_TO_WORK * promptedMillis);
      var _ = working.schedule(this::performPrompted, pause, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      prompted.set(false);
    }
  }

  private void performPrompted() {
    prompted.set(false);
    var start = System.nanoTime();
    tasks.stream()
        .filter(task -> task.trigger() == LeaderTask.Trigger.A_CHANGED_OBJECT)
        .forEach(Leadership::perform);
    promptedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private synchronized void begin() {
    LOG.info("this replica leads now");
    working = Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    for (var task : tasks) {
      var millis = task.period().toMillis();
      var _ = working.scheduleWithFixedDelay(() -> perform(task), 0, millis, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void end() {
    LOG.info("this replica no longer leads");
    if (working != null) {
      working.shutdownNow();
      working = null;
      prompted.set(false);
    }
  }

  // A failure is one line in the log and another try after the period. An error that leaves here
  // would end the task for ever, and the text of some object may be too much for the stack.
  private static void perform(LeaderTask task) {
    try {
      task.work().run();
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("a task of the leader failed and will be retried", e, "task", task.name());
    }
  }

  @Override
  public void close() {
    closed = true;
    var leads = leads();
    var running = election;
    if (running != null) {
      running.end.cancel(true);
    }
    end();
    if (running != null && leads) {
      release(running.elector);
    }
  }

  private synchronized boolean leads() {
    return working != null;
  }

  /// So that another replica need not wait for the end of the lease.
  private static void release(LeaderElector elector) {
    try {
      var _ = elector.release();
    } catch (KubernetesClientException e) {
      LOG.warning("the lease was not released", "cause", e.getMessage());
    }
  }
}
