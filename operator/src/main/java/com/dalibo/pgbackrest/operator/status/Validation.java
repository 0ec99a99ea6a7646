package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import java.util.List;

/// What the user has to change about a Stanza, told from the Stanza alone.
@FunctionalInterface
public interface Validation {
  List<Problem> problems(Stanza stanza);
}
