package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import java.util.List;

/// What was found when the repositories of a stanza were asked last.
///
/// @param info the answer itself: nothing of a repository that gave none
/// @param status what is known after it, also of a repository that gave no answer now
public record Survey(List<Repository> repositories, StanzaInfo info, StanzaStatus status) {
  public Survey {
    repositories = List.copyOf(repositories);
  }
}
