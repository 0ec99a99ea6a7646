package com.dalibo.pgbackrest.stanza.api.reason;

/// The conditions of a Stanza and, last, of a RestorePlan, in the order of
/// docs/reference/status.md; their reasons are in [Reason].
public enum ConditionType implements Reason.Place {
  VALID("Valid", "the Stanza, and the Secrets and ConfigMaps it names"),
  REPOSITORIES_REACHABLE(
      "RepositoriesReachable",
      "what `pgbackrest info` reports for each repository; one that does not answer keeps its last"
          + " status. `Unknown` if the Stanza cannot be used, so that no repository is queried"),
  ARCHIVING("Archiving", "the last WAL file"),
  VERIFIED("Verified", "what `verify` found, if the Stanza asks for it"),
  INSPECTED(
      "Inspected",
      "whether the operator could query the repositories of a Stanza to which no Cluster archives;"
          + " absent while one does"),
  READY("Ready", "all of them: whether a restore can be expected to work"),
  POSSIBLE(
      "Possible",
      "of a RestorePlan: whether this restore would succeed; `Unknown` while that cannot be"
          + " determined");

  private final String word;
  private final String subject;

  ConditionType(String word, String subject) {
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
