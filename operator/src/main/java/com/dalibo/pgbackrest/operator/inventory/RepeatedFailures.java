package com.dalibo.pgbackrest.operator.inventory;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The cause for which each object could not be followed last. What is tried every few seconds is
/// logged once for each cause.
public final class RepeatedFailures {

  private final Map<ObjectKey, String> causes = new ConcurrentHashMap<>();

  /// Whether it is not the cause of the last failure, so that it is to be logged.
  public boolean isNew(ObjectKey object, String cause) {
    return !cause.equals(causes.put(object, cause));
  }

  public void end(ObjectKey object) {
    causes.remove(object);
  }
}
