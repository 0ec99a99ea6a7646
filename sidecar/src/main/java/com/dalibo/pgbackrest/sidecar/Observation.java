package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.StanzaInfo;
import com.dalibo.pgbackrest.stanza.Repository;
import com.dalibo.pgbackrest.stanza.StanzaStatus;
import java.util.List;

/// What was found when the repositories of a stanza were asked last.
///
/// @param info the answer itself: nothing of a repository that gave none
/// @param status what is known after it, also of a repository that gave no answer now
record Observation(List<Repository> repositories, StanzaInfo info, StanzaStatus status) {
  Observation {
    repositories = List.copyOf(repositories);
  }
}
