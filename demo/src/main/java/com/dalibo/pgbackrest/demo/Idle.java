package com.dalibo.pgbackrest.demo;

import java.time.Duration;

/// A program that does nothing: what the Java machine costs by itself.
final class Idle {
  private Idle() {}

  static void main(String[] arguments) throws InterruptedException {
    Thread.sleep(Duration.ofHours(1));
  }
}
