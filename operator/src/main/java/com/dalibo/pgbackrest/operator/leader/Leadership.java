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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Which replica carries out the [tasks][LeaderTask]. All replicas answer CNPG; only what must not
/// be done twice is done here.
public final class Leadership implements AutoCloseable {

  /// CNPG names the Lease of a Cluster after the Cluster, and that name has no dots.
  static final String LEASE = Plugin.NAME;

  /// The leader asks twice each time, every other replica once: of all that the operator asks of
  /// the API server when nothing changes, most. The leader has two more attempts, and gives up
  /// before a third, 24 seconds after it wrote the time in the lease. That is so however slow the
  /// answer was, as long as two answers and the renewal together take no more than three periods.
  private static final Lease RULES =
      new Lease(
          Duration.ofSeconds(30),
          Duration.ofSeconds(18),
          Duration.ofSeconds(8),
          Duration.ofSeconds(3));

  private static final Log LOG = Log.of(Leadership.class);

  private final List<TaskLoop> tasks;
  private final Lease lease;
  private final KubernetesClient client;
  private final LeaseLock lock;
  private volatile boolean leads;
  private volatile boolean closed;
  private volatile @Nullable Election election;

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
    this.tasks = tasks.stream().map(TaskLoop::new).toList();
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
                .withLock(new ObservedLease(lock))
                .withLeaseDuration(lease.duration)
                .withRenewDeadline(lease.renewal)
                .withRetryPeriod(lease.period)
                // Who has lost the lease stops first; who stops in peace releases it afterwards.
                .withReleaseOnCancel(false)
                .withLeaderCallbacks(
                    new LeaderCallbacks(this::begin, this::end, Leadership::report))
                .build())
        .build();
  }

  private static void report(@Nullable String leader) {
    if (leader != null && !leader.isEmpty()) {
      LOG.info("a replica leads", "leader", leader);
    }
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

  /// An object has changed.
  public void objectChanged() {
    tasks.forEach(TaskLoop::objectChanged);
  }

  private synchronized void begin() {
    if (!closed) {
      LOG.info("this replica leads now");
      leads = true;
      tasks.forEach(TaskLoop::begin);
    }
  }

  private synchronized void end() {
    if (leads) {
      LOG.info("this replica no longer leads");
      leads = false;
      tasks.forEach(TaskLoop::end);
    }
  }

  @Override
  public void close() {
    closed = true;
    var led = leads;
    end();
    var running = election;
    if (running != null) {
      running.end.cancel(true);
    }
    if (running != null && led) {
      release(running.elector);
    }
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
