package com.dalibo.pgbackrest.operator.permissions;

/// An object that a Cluster needs has a name under which somebody else's is there already.
public final class TakenNameException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String words;

  TakenNameException(String words) {
    super(words);
    this.words = words;
  }

  /// Whose the object is, and what to do.
  public String words() {
    return words;
  }
}
