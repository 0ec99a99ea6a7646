package com.dalibo.pgbackrest.stanza;

/// The read of a Stanza.
public interface Stanzas {
  /// The Stanza as it is now; an [InvalidStanzaException] says that there is none, or that it
  /// cannot be read.
  Stanza get(String namespace, String name)
      throws InvalidStanzaException, ForbiddenException, UnavailableException, InterruptedException;
}
