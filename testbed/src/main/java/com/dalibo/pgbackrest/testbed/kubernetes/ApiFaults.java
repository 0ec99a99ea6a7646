package com.dalibo.pgbackrest.testbed.kubernetes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What goes wrong in a Kubernetes API, by a part of the request, `METHOD /path`. The first fault
/// that fits counts.
final class ApiFaults {
  private static final int ANY_TIMES = -1;

  private final List<Counted> faults = new ArrayList<>();

  /// How a request goes.
  ///
  /// @param status of the answer; 0 for the usual one
  /// @param delay before it
  /// @param message of the answer; empty for the usual one of that status
  record Fault(int status, Duration delay, String message) {}

  private static final class Counted {
    private final String path;
    private final Fault fault;
    private int times;

    Counted(String path, Fault fault, int times) {
      this.path = path;
      this.fault = fault;
      this.times = times;
    }
  }

  void add(String path, int status) {
    add(path, status, ANY_TIMES);
  }

  void add(String path, int status, int times) {
    add(new Counted(path, new Fault(status, Duration.ZERO, ""), times));
  }

  void add(String path, Duration delay) {
    add(new Counted(path, new Fault(0, delay, ""), ANY_TIMES));
  }

  void add(String path, int status, String message) {
    add(new Counted(path, new Fault(status, Duration.ZERO, message), ANY_TIMES));
  }

  private synchronized void add(Counted fault) {
    faults.add(fault);
  }

  synchronized void heal() {
    faults.clear();
  }

  synchronized Optional<Fault> of(String path) {
    for (Counted counted : faults) {
      if (path.contains(counted.path) && counted.times != 0) {
        if (counted.times > 0) {
          counted.times--;
        }
        return Optional.of(counted.fault);
      }
    }
    return Optional.empty();
  }
}
