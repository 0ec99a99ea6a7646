package com.dalibo.pgbackrest.stanza.api.reason;

/// The conditions of a RestoreDrill, in the order of docs/reference/drill.md; their reasons are in
/// [Reason].
public enum DrillConditionType implements Reason.Place {
  PROVEN(
      "Proven",
      "whether the newest run of each repository succeeded, and is younger than two periods of the"
          + " schedule"),
  MISSED("Missed", "whether a run that was due did not take place, and none has since");

  private final String word;
  private final String subject;

  DrillConditionType(String word, String subject) {
    this.word = word;
    this.subject = subject;
  }

  /// As in `status.conditions[].type`.
  public String word() {
    return word;
  }

  /// What it is about, for the page.
  public String subject() {
    return subject;
  }

  @Override
  public String toString() {
    return word;
  }
}
