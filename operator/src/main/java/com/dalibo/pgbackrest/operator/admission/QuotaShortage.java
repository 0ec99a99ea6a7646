package com.dalibo.pgbackrest.operator.admission;

import java.math.BigDecimal;
import java.util.SortedMap;
import java.util.stream.Collectors;

/// A ResourceQuota that has less left than the sidecar adds to running pods.
///
/// @param quota its name
/// @param pods how many pods would grow
/// @param lacking what there is too little of, by the name that it has in the quota
record QuotaShortage(String quota, int pods, SortedMap<String, Lack> lacking) {

  /// @param needed in addition
  /// @param hard of the quota
  /// @param used of it
  record Lack(BigDecimal needed, BigDecimal hard, BigDecimal used) {
    boolean isReal() {
      return needed.signum() > 0 && used.add(needed).compareTo(hard) > 0;
    }
  }

  /// For example `384Mi of requests.memory (left: 100Mi)`.
  String needs() {
    return lacking.entrySet().stream()
        .map(
            entry ->
                "%s of %s (left: %s)"
                    .formatted(
                        words(entry.getKey(), entry.getValue().needed()),
                        entry.getKey(),
                        words(
                            entry.getKey(),
                            entry
                                .getValue()
                                .hard()
                                .subtract(entry.getValue().used())
                                .max(BigDecimal.ZERO))))
        .collect(Collectors.joining(", "));
  }

  /// What the quota must have at least, for example `requests.memory: 8576Mi`.
  String enough() {
    return lacking.entrySet().stream()
        .map(
            entry ->
                entry.getKey()
                    + ": "
                    + words(entry.getKey(), entry.getValue().used().add(entry.getValue().needed())))
        .collect(Collectors.joining(", "));
  }

  /// As people write such a quantity.
  private static String words(String resource, BigDecimal amount) {
    if (resource.endsWith("cpu")) {
      return isWhole(amount) ? plain(amount) : plain(amount.movePointRight(3)) + "m";
    }
    var mebibytes = amount.divide(BigDecimal.valueOf(1 << 20));
    return amount.signum() > 0 && isWhole(mebibytes) ? plain(mebibytes) + "Mi" : plain(amount);
  }

  private static boolean isWhole(BigDecimal amount) {
    return amount.stripTrailingZeros().scale() <= 0;
  }

  private static String plain(BigDecimal amount) {
    return amount.stripTrailingZeros().toPlainString();
  }
}
