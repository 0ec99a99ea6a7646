package com.dalibo.pgbackrest.operator.leader;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/// The Lease as one candidacy sees it.
///
/// The clocks of nodes differ, so what counts is since when here the Lease has not changed, and not
/// the time that its holder wrote. And nobody leads by a Lease that was written in another
/// candidacy, such as that of a container before this one, until it is renewed: its time may be up.
final class ObservedLease implements Lock {

  private static final String NOBODY = "";

  private final Lock lock;
  private boolean isHeld;
  private @Nullable LeaderElectionRecord last;
  private long changed;

  ObservedLease(Lock lock) {
    this.lock = lock;
  }

  @Override
  public synchronized @Nullable LeaderElectionRecord get(KubernetesClient client) {
    var record = read(client);
    if (record == null) {
      return null;
    }
    if (identity().equals(record.getHolderIdentity())) {
      return isHeld ? record : of(NOBODY, record, now());
    }
    isHeld = false;
    if (!record.equals(last)) {
      last = record;
      changed = System.nanoTime();
    }
    return of(record.getHolderIdentity(), record, now().minusNanos(System.nanoTime() - changed));
  }

  private @Nullable LeaderElectionRecord read(KubernetesClient client) {
    try {
      return lock.get(client);
    } catch (NullPointerException _) {
      // The library reads no Lease that lacks a duration or a time, and nobody holds such a one.
      return new LeaderElectionRecord(NOBODY, Duration.ofSeconds(1), now(), now(), 0);
    }
  }

  private static LeaderElectionRecord of(
      String holder, LeaderElectionRecord record, ZonedDateTime renewed) {
    return new LeaderElectionRecord(
        holder,
        record.getLeaseDuration(),
        record.getAcquireTime(),
        renewed,
        record.getLeaderTransitions());
  }

  private static ZonedDateTime now() {
    return ZonedDateTime.now(ZoneOffset.UTC);
  }

  @Override
  public synchronized void create(KubernetesClient client, LeaderElectionRecord record) {
    lock.create(client, record);
    isHeld = isOurs(record);
  }

  @Override
  public synchronized void update(KubernetesClient client, LeaderElectionRecord record) {
    lock.update(client, record);
    isHeld = isOurs(record);
  }

  private boolean isOurs(LeaderElectionRecord record) {
    return identity().equals(record.getHolderIdentity());
  }

  @Override
  public String identity() {
    return lock.identity();
  }

  @Override
  public String describe() {
    return lock.describe();
  }
}
