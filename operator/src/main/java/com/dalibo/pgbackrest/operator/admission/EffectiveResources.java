package com.dalibo.pgbackrest.operator.admission;

import com.dalibo.pgbackrest.stanza.api.pluginconfig.ResourceRequirements;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.LimitRangeItem;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Limits and requests of a container, resource to quantity, with the defaults that Kubernetes
/// gives them.
///
/// @param limits for example `memory` to `128Mi`
/// @param requests likewise; where one is absent Kubernetes takes the limit
public record EffectiveResources(Map<String, String> limits, Map<String, String> requests) {

  private static final Pattern SCIENTIFIC = Pattern.compile("[+-]?[0-9.]+[eE][+-]?[0-9]+");
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final int DECIMALS = 9;

  public EffectiveResources {
    limits = Map.copyOf(limits);
    var all = new TreeMap<>(limits);
    all.putAll(requests);
    requests = Map.copyOf(all);
  }

  /// As a PluginConfig gives them, or none.
  public static EffectiveResources of(Optional<ResourceRequirements> written) {
    return new EffectiveResources(
        written.map(ResourceRequirements::limits).orElse(Map.of()),
        written.map(ResourceRequirements::requests).orElse(Map.of()));
  }

  /// As they stand in a pod.
  static EffectiveResources of(io.fabric8.kubernetes.api.model.ResourceRequirements written) {
    return new EffectiveResources(texts(written.getLimits()), texts(written.getRequests()));
  }

  private static Map<String, String> texts(@Nullable Map<String, Quantity> quantities) {
    var texts = new TreeMap<String, String>();
    if (quantities != null) {
      quantities.forEach((resource, quantity) -> texts.put(resource, quantity.toString()));
    }
    return texts;
  }

  /// With what the LimitRanges of the namespace give a container that says nothing.
  EffectiveResources defaultedBy(List<LimitRange> ranges) {
    var moreLimits = new TreeMap<>(limits);
    var moreRequests = new TreeMap<>(requests);
    for (var item : ofContainers(ranges)) {
      putAbsent(moreLimits, item.getDefault());
      putAbsent(moreRequests, item.getDefaultRequest());
    }
    return new EffectiveResources(moreLimits, moreRequests);
  }

  static List<LimitRangeItem> ofContainers(List<LimitRange> ranges) {
    return ofType("Container", ranges);
  }

  static List<LimitRangeItem> ofType(String type, List<LimitRange> ranges) {
    return ranges.stream()
        .flatMap(range -> Optional.ofNullable(range.getSpec()).stream())
        .flatMap(spec -> Optional.ofNullable(spec.getLimits()).stream())
        .flatMap(List::stream)
        .filter(item -> type.equals(item.getType()))
        .toList();
  }

  private static void putAbsent(Map<String, String> quantities, Map<String, Quantity> defaults) {
    if (defaults != null) {
      defaults.forEach(
          (resource, quantity) -> quantities.putIfAbsent(resource, quantity.toString()));
    }
  }

  /// Whether a pod of such containers alone has the QoS class Guaranteed (Kubernetes, Pod Quality
  /// of Service Classes).
  boolean isGuaranteed() {
    return List.of("cpu", "memory").stream()
        .allMatch(
            resource ->
                amount(limits.get(resource))
                    .flatMap(
                        limit ->
                            amount(requests.get(resource))
                                .map(
                                    request -> limit.signum() > 0 && limit.compareTo(request) == 0))
                    .orElse(false));
  }

  /// Whether a pod of such containers alone has the QoS class BestEffort.
  boolean isBestEffort() {
    return List.of("cpu", "memory").stream()
        .flatMap(resource -> Stream.of(limits.get(resource), requests.get(resource)))
        .flatMap(quantity -> amount(quantity).stream())
        .allMatch(amount -> amount.signum() == 0);
  }

  /// What a ResourceQuota counts of them.
  ///
  /// @param resource as it is called there: with `limits.` or `requests.`, or without for requests
  BigDecimal counted(String resource) {
    var name = resource.substring(resource.indexOf('.') + 1);
    var quantity =
        resource.startsWith("limits.")
            ? limits.get(name)
            : requests.get(resource.startsWith("requests.") ? name : resource);
    return amount(quantity).orElse(BigDecimal.ZERO);
  }

  /// Whether the others have more of what they have.
  boolean isExceededBy(EffectiveResources others) {
    return isExceeded(limits, others.limits) || isExceeded(requests, others.requests);
  }

  private static boolean isExceeded(Map<String, String> these, Map<String, String> others) {
    return others.keySet().stream()
        .anyMatch(
            resource ->
                amount(these.get(resource))
                        .orElse(BigDecimal.ZERO)
                        .compareTo(amount(others.get(resource)).orElse(BigDecimal.ZERO))
                    < 0);
  }

  /// Whether the first is a quantity, the second too, and the first less.
  public static boolean isLess(Optional<String> one, Optional<String> other) {
    return one.flatMap(EffectiveResources::amount)
        .flatMap(
            first ->
                other
                    .flatMap(EffectiveResources::amount)
                    .map(second -> first.compareTo(second) < 0))
        .orElse(false);
  }

  /// Whether both are quantities, and the limit is at most so many times the request.
  static boolean isWithin(Optional<String> request, Optional<String> limit, String ratio) {
    var least = request.flatMap(EffectiveResources::amount).filter(amount -> amount.signum() > 0);
    var most = limit.flatMap(EffectiveResources::amount).filter(amount -> amount.signum() > 0);
    return amount(ratio)
        .map(
            times ->
                least.isPresent()
                    && most.isPresent()
                    && most.get().compareTo(least.get().multiply(times)) <= 0)
        .orElse(true);
  }

  /// Whether the first alone is not more than so much, and is with the second.
  static boolean isBeyond(Optional<String> one, Optional<String> other, String most) {
    var first = one.flatMap(EffectiveResources::amount);
    var second = other.flatMap(EffectiveResources::amount);
    var both = amount(most);
    return first.isPresent()
        && second.isPresent()
        && both.isPresent()
        && first.get().compareTo(both.get()) <= 0
        && first.get().add(second.get()).compareTo(both.get()) > 0;
  }

  static Optional<BigDecimal> amount(@Nullable String quantity) {
    if (quantity == null) {
      return Optional.empty();
    }
    var scientific = SCIENTIFIC.matcher(quantity);
    try {
      if (scientific.matches()) {
        return Optional.of(bounded(new BigDecimal(quantity)));
      }
      return quantity.isEmpty()
          ? Optional.empty()
          : Optional.of(bounded(Quantity.getAmountInBytes(new Quantity(quantity))));
    } catch (IllegalArgumentException _) {
      // No quantity: the API server refuses it.
      return Optional.empty();
    }
  }

  /// Kubernetes counts no further, and nothing finer than billionths. A sum of what is written with
  /// a large exponent would take all the memory.
  private static BigDecimal bounded(BigDecimal amount) {
    var digits = (long) amount.precision() - amount.scale();
    if (amount.signum() == 0 || digits < -DECIMALS) {
      return BigDecimal.ZERO;
    }
    if (digits > MOST.precision()) {
      return amount.signum() > 0 ? MOST : MOST.negate();
    }
    return amount.setScale(DECIMALS, RoundingMode.CEILING).min(MOST).max(MOST.negate());
  }
}
