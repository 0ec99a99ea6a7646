package com.dalibo.pgbackrest.stanza.rendering;

import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Stanza;

/// The read of a Stanza.
public interface StanzaReader {
  /// The Stanza as it is now; an [InvalidStanzaException] says that there is none, or that it
  /// cannot be read.
  Stanza get(String namespace, String name)
      throws InvalidStanzaException, ForbiddenException, UnavailableException, InterruptedException;
}
