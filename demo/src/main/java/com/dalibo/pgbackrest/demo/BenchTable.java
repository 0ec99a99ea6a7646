package com.dalibo.pgbackrest.demo;

/// The figures of a benchmark, as they are printed.
final class BenchTable {
  private BenchTable() {}

  static void title(String text) {
    System.out.printf("%n%s%n", text);
  }

  static void line(String name, double median, double p90, String unit) {
    System.out.printf("%-44s %7.1f %s %7.1f %s%n", name, median, unit, p90, unit);
  }

  static void goal(String name, double value, double limit, String unit) {
    System.out.printf(
        "%-44s %.2f %s, goal at most %.2f %s: %s%n",
        name, value, unit, limit, unit, value <= limit ? "met" : "NOT MET");
  }
}
