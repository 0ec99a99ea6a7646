package com.dalibo.pgbackrest.operator;

import com.dalibo.pgbackrest.stanza.Problem;
import com.dalibo.pgbackrest.stanza.Stanza;
import java.util.List;

/// What the user has to change about a Stanza, told from the Stanza alone.
@FunctionalInterface
interface Validation {
  List<Problem> problems(Stanza stanza);
}
