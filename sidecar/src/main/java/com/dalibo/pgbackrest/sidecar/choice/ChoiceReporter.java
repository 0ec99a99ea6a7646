package com.dalibo.pgbackrest.sidecar.choice;

/// Hears what a choice has to say on its way, also of one that then fails.
public interface ChoiceReporter {
  /// A repository that does not answer, and whose backups are therefore not considered.
  void unreachable(String message);

  /// A newer backup that does not lead to the target.
  void passedOver(String reason);

  /// A better backup that is listed and cannot be used, and the one that is taken instead.
  void unusable(String message);
}
