package com.dalibo.pgbackrest.operator.inventory;

import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import java.util.List;

/// An object of our API as the API server has it: read, or why it cannot be.
public sealed interface Entry<T> {

  /// The object, or its problem where it cannot be read.
  T object() throws InvalidStanzaException;

  record Understood<T>(T object) implements Entry<T> {}

  record Unreadable<T>(Problem problem) implements Entry<T> {
    @Override
    public T object() throws InvalidStanzaException {
      throw new InvalidStanzaException(List.of(problem));
    }
  }
}
