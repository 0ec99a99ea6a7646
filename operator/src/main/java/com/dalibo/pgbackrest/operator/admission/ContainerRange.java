package com.dalibo.pgbackrest.operator.admission;

import io.fabric8.kubernetes.api.model.LimitRangeItem;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an item of a LimitRange refuses (admission plugin LimitRanger).
///
/// @param item of type `Container`, with the defaults that Kubernetes gives it, or `Pod`
record ContainerRange(LimitRangeItem item) {

  /// Why the sidecar is refused as a container; the reason stands in the middle of a sentence.
  Optional<String> refusal(EffectiveResources sidecar) {
    return aboveMost(sidecar).or(() -> belowLeast(sidecar)).or(() -> belowRequest(sidecar));
  }

  private Optional<String> aboveMost(EffectiveResources sidecar) {
    for (var most : sorted(item.getMax()).entrySet()) {
      var limit = Optional.ofNullable(sidecar.limits().get(most.getKey()));
      if (EffectiveResources.isLess(Optional.of(most.getValue()), limit)) {
        return Optional.of(
            "allows a container %s of %s at most, and the sidecar's limit is %s"
                .formatted(most.getValue(), most.getKey(), limit.orElse("")));
      }
    }
    return Optional.empty();
  }

  private Optional<String> belowLeast(EffectiveResources sidecar) {
    for (var least : sorted(item.getMin()).entrySet()) {
      var request = Optional.ofNullable(sidecar.requests().get(least.getKey()));
      if (EffectiveResources.isLess(request, Optional.of(least.getValue()))) {
        return Optional.of(
            "demands that a container requests %s of %s at least, and the sidecar requests %s"
                .formatted(least.getValue(), least.getKey(), request.orElse("")));
      }
    }
    return Optional.empty();
  }

  private Optional<String> belowRequest(EffectiveResources sidecar) {
    for (var limit : sorted(item.getDefault()).entrySet()) {
      var request = Optional.ofNullable(sidecar.requests().get(limit.getKey()));
      var actual = Optional.ofNullable(sidecar.limits().get(limit.getKey()));
      if (EffectiveResources.isLess(actual, request)) {
        return Optional.of(
            "gives a container without a limit %s of %s, and the sidecar requests %s"
                .formatted(limit.getValue(), limit.getKey(), request.orElse("")));
      }
    }
    return Optional.empty();
  }

  /// Why the sidecar is refused because of the ratio of its limits to its requests, both of which
  /// it has to have then.
  Optional<String> ratio(EffectiveResources sidecar) {
    for (var ratio : sorted(item.getMaxLimitRequestRatio()).entrySet()) {
      var resource = ratio.getKey();
      var limit = Optional.ofNullable(sidecar.limits().get(resource));
      var request = Optional.ofNullable(sidecar.requests().get(resource));
      if (!EffectiveResources.isWithin(request, limit, ratio.getValue())) {
        return Optional.of(
            "allows a container a limit of %s that is %s times its request at most, and the sidecar has the request '%s' and the limit '%s'"
                .formatted(
                    resource, ratio.getValue(), request.orElse("none"), limit.orElse("none")));
      }
    }
    return Optional.empty();
  }

  /// Why a pod is refused with the sidecar that would be admitted without it.
  Optional<String> refusal(EffectiveResources postgres, EffectiveResources sidecar) {
    for (var most : sorted(item.getMax()).entrySet()) {
      var resource = most.getKey();
      var own = Optional.ofNullable(postgres.limits().get(resource));
      var added = Optional.ofNullable(sidecar.limits().get(resource));
      if (EffectiveResources.isBeyond(own, added, most.getValue())) {
        return Optional.of(
            "allows a pod %s of %s at most, and PostgreSQL has the limit %s beside the sidecar's %s"
                .formatted(most.getValue(), resource, own.orElse(""), added.orElse("")));
      }
    }
    return Optional.empty();
  }

  private static Map<String, String> sorted(@Nullable Map<String, Quantity> quantities) {
    var sorted = new TreeMap<String, String>();
    if (quantities != null) {
      quantities.forEach((resource, quantity) -> sorted.put(resource, quantity.toString()));
    }
    return sorted;
  }
}
