package com.dalibo.pgbackrest.operator;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Optional;
import java.util.function.Consumer;
import javax.management.NotificationEmitter;

/// Reports that the objects of the cluster hardly fit into the heap, before collecting garbage
/// takes all the time there is. The heap is a part of the container's memory limit.
final class HeapWatch {

  /// What may be left in use by a collection, of the largest size.
  private static final double FULL = 0.85;

  private static final long MIB = 1 << 20;

  private static final Log LOG = Log.of(HeapWatch.class);

  private final double full;
  private final Consumer<MemoryUsage> report;

  /// @param report what a collection has left in use, and the largest size
  HeapWatch(double full, Consumer<MemoryUsage> report) {
    this.full = full;
    this.report = report;
  }

  static HeapWatch of(Inventory inventory) {
    return new HeapWatch(
        FULL,
        used ->
            LOG.warning(
                "the memory of the operator is almost used up, and it becomes slow; raise resources.limits.memory of the Deployment",
                "clusters",
                inventory.clusters().size(),
                "usedMiB",
                used.getUsed() / MIB,
                "heapMiB",
                used.getMax() / MIB));
  }

  void start() {
    var pool = old();
    if (pool.isEmpty()
        || !(ManagementFactory.getMemoryMXBean() instanceof NotificationEmitter all)) {
      return;
    }
    var most = pool.get().getUsage().getMax();
    pool.get().setCollectionUsageThreshold(Math.max(1, (long) (most * full)));
    all.addNotificationListener(
        (notification, _) -> {
          if (notification
              .getType()
              .equals(MemoryNotificationInfo.MEMORY_COLLECTION_THRESHOLD_EXCEEDED)) {
            report.accept(pool.get().getCollectionUsage());
          }
        },
        null,
        null);
  }

  /// Where what lives long is.
  private static Optional<MemoryPoolMXBean> old() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .filter(MemoryPoolMXBean::isCollectionUsageThresholdSupported)
        .filter(pool -> pool.getName().contains("Old") || pool.getName().contains("Tenured"))
        .filter(pool -> pool.getUsage().getMax() > 0)
        .findFirst();
  }
}
