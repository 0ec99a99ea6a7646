package com.dalibo.pgbackrest.demo;

import java.util.Arrays;
import java.util.List;

/// Measured durations, in milliseconds.
record Times(List<Double> milliseconds) {
  double mean() {
    return milliseconds.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  double median() {
    return quantile(0.5);
  }

  double p90() {
    return quantile(0.9);
  }

  double quantile(double share) {
    double[] sorted = milliseconds.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }

  static double of(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }
}
