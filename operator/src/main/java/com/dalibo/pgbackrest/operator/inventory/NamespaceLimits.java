package com.dalibo.pgbackrest.operator.inventory;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/// The ResourceQuotas and LimitRanges as last heard of. Where they cannot be read, or no longer,
/// there are none, and the API server alone decides.
public final class NamespaceLimits {

  private final Map<ObjectKey, ResourceQuota> quotas = new ConcurrentHashMap<>();
  private final Map<ObjectKey, LimitRange> ranges = new ConcurrentHashMap<>();

  private volatile BooleanSupplier quotasBelieved = () -> true;
  private volatile BooleanSupplier rangesBelieved = () -> true;

  /// Whether what was heard last of either is not too old.
  void believedWhile(BooleanSupplier ofQuotas, BooleanSupplier ofRanges) {
    quotasBelieved = ofQuotas;
    rangesBelieved = ofRanges;
  }

  public void putQuota(ObjectKey key, ResourceQuota quota) {
    quotas.put(key, quota);
  }

  public void removeQuota(ObjectKey key) {
    quotas.remove(key);
  }

  public void putRange(ObjectKey key, LimitRange range) {
    ranges.put(key, range);
  }

  public void removeRange(ObjectKey key) {
    ranges.remove(key);
  }

  public List<ResourceQuota> quotas(String namespace) {
    return quotasBelieved.getAsBoolean() ? in(namespace, quotas) : List.of();
  }

  public List<LimitRange> ranges(String namespace) {
    return rangesBelieved.getAsBoolean() ? in(namespace, ranges) : List.of();
  }

  private static <T extends HasMetadata> List<T> in(String namespace, Map<ObjectKey, T> objects) {
    return objects.entrySet().stream()
        .filter(entry -> entry.getKey().namespace().equals(namespace))
        .sorted(Comparator.comparing(entry -> entry.getKey().name()))
        .map(Map.Entry::getValue)
        .toList();
  }
}
