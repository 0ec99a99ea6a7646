package com.dalibo.pgbackrest.operator.admission;

import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaSpec;
import io.fabric8.kubernetes.api.model.ScopeSelector;
import io.fabric8.kubernetes.api.model.ScopedResourceSelectorRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Which pods of instances a ResourceQuota counts: those that match all its scopes.
record QuotaScopes(List<ScopedResourceSelectorRequirement> requirements) {

  static QuotaScopes of(ResourceQuota quota) {
    var requirements = new ArrayList<ScopedResourceSelectorRequirement>();
    var spec = Optional.ofNullable(quota.getSpec());
    spec.map(ResourceQuotaSpec::getScopes).stream()
        .flatMap(List::stream)
        .map(scope -> new ScopedResourceSelectorRequirement("Exists", scope, List.of()))
        .forEach(requirements::add);
    spec.map(ResourceQuotaSpec::getScopeSelector)
        .map(ScopeSelector::getMatchExpressions)
        .ifPresent(requirements::addAll);
    return new QuotaScopes(requirements);
  }

  /// Where in doubt it does not count the pod, and the API server alone decides.
  ///
  /// @param priorityClass empty for none
  boolean match(boolean isBestEffort, String priorityClass) {
    return requirements.stream()
        .allMatch(
            requirement ->
                switch (requirement.getScopeName()) {
                  case "BestEffort" -> isBestEffort;
                  case "NotBestEffort" -> !isBestEffort;
                  // CNPG sets no deadline.
                  case "NotTerminating" -> true;
                  case "PriorityClass" -> isOf(priorityClass, requirement);
                  default -> false;
                });
  }

  boolean nameClasses() {
    return requirements.stream().anyMatch(it -> it.getScopeName().equals("PriorityClass"));
  }

  private static boolean isOf(String priorityClass, ScopedResourceSelectorRequirement requirement) {
    return switch (requirement.getOperator()) {
      case "Exists" -> !priorityClass.isEmpty();
      case "DoesNotExist" -> priorityClass.isEmpty();
      case "In" -> values(requirement).contains(priorityClass);
      case "NotIn" -> !values(requirement).contains(priorityClass);
      default -> false;
    };
  }

  private static List<String> values(ScopedResourceSelectorRequirement requirement) {
    return Objects.requireNonNullElse(requirement.getValues(), List.of());
  }
}
