package com.dalibo.pgbackrest.stanza.api;

import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import java.util.List;
import java.util.stream.Collectors;

/// The user has to change something: the Stanza, what it refers to, or what refers to it. Trying
/// again without a change does not help.
public final class InvalidStanzaException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  public InvalidStanzaException(List<Problem> problems) {
    super(problems.stream().map(Problem::message).collect(Collectors.joining("; and ")));
    this.problems = List.copyOf(problems);
  }

  public InvalidStanzaException(Reason reason, String message) {
    this(List.of(new Problem(reason, message)));
  }

  public InvalidStanzaException(Reason reason, String message, Throwable cause) {
    this(reason, message);
    initCause(cause);
  }

  public List<Problem> problems() {
    return problems;
  }
}
