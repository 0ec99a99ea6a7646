package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import java.util.List;
import java.util.stream.Collectors;

/// `RepositoriesReachable`: whether each repository answered when it was asked last.
record ReachableCondition(List<RepositoryStatus> repositories) {
  Verdict verdict() {
    var silent = repositories.stream().filter(repository -> !repository.isReachable()).toList();
    return silent.isEmpty()
        ? Verdict.yes(
            StanzaReason.ALL_REACHABLE,
            repositories.size() == 1
                ? "the repository answers"
                : "all %d repositories answer".formatted(repositories.size()))
        : Verdict.no(
            StanzaReason.REPOSITORY_UNREACHABLE,
            silent.stream()
                .map(
                    repository ->
                        "repository %s cannot be read: %s"
                            .formatted(repository.label(), repository.message()))
                .collect(Collectors.joining("; ")));
  }
}
