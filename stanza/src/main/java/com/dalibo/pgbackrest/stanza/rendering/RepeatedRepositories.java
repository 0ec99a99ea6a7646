package com.dalibo.pgbackrest.stanza.rendering;

import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.RepositoryIdentity;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.SpecReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// Repositories of a stanza that share a number, a name or a place.
final class RepeatedRepositories {
  private final Stanza stanza;
  private final List<Problem> problems = new ArrayList<>();

  private RepeatedRepositories(Stanza stanza) {
    this.stanza = stanza;
  }

  static List<Problem> problems(Stanza stanza, List<Repository> repositories) {
    var repeated = new RepeatedRepositories(stanza);
    repeated.check(repositories);
    return repeated.problems;
  }

  private void check(List<Repository> repositories) {
    var byIndex = new HashMap<Integer, Repository>();
    var byName = new HashMap<String, Repository>();
    var byPlace = new HashMap<RepositoryIdentity, Repository>();
    for (var repository : repositories) {
      var sameIndex = byIndex.putIfAbsent(repository.index(), repository);
      if (sameIndex != null) {
        refuse(
            SpecReason.INDEX_NOT_UNIQUE,
            "gives number %d to %s and to %s"
                .formatted(repository.index(), sameIndex.path(), repository.path()),
            "give each a different 'index'; without one it is the position in the order S3, Azure,"
                + " GCS, SFTP, volume");
      }
      var samePlace = byPlace.putIfAbsent(RepositoryIdentity.of(stanza, repository), repository);
      if (samePlace != null) {
        refuse(
            SpecReason.PLACE_NOT_UNIQUE,
            "has the same store and path in %s and in %s"
                .formatted(samePlace.path(), repository.path()),
            "give each another bucket or 'repoPath'; two copies in one place are one copy");
      }
      repository
          .name()
          .ifPresent(
              name -> {
                var sameName = byName.putIfAbsent(name, repository);
                if (sameName != null) {
                  refuse(
                      SpecReason.NAME_NOT_UNIQUE,
                      "gives name '%s' to %s and to %s"
                          .formatted(name, sameName.path(), repository.path()),
                      "give each a different 'name'");
                }
              });
    }
  }

  private void refuse(SpecReason reason, String what, String remedy) {
    problems.add(StanzaValidation.problem(stanza, reason, what, remedy));
  }
}
