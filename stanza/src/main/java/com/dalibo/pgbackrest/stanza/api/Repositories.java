package com.dalibo.pgbackrest.stanza.api;

import com.dalibo.pgbackrest.stanza.api.StanzaConfiguration.RepositoryList;
import com.dalibo.pgbackrest.stanza.api.reason.ClusterReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The repositories of a stanza in order: S3, Azure, GCS, SFTP, volume; the first is the default
/// for backups. The number is the explicit index, else the position in that order.
public final class Repositories {
  private Repositories() {}

  public static List<Repository> of(StanzaSpec spec) {
    var repositories = new ArrayList<Repository>();
    for (var list : RepositoryList.values()) {
      var entries = list.of(spec.stanzaConfiguration());
      for (int i = 0; i < entries.size(); i++) {
        var storage = entries.get(i);
        var index = storage.fields().index();
        var position = repositories.size() + 1;
        var path = list.field() + "[" + i + "]";
        repositories.add(new Repository(index == null ? position : index, path, storage));
      }
    }
    return List.copyOf(repositories);
  }

  /// The repository that a user names by number or by name.
  public static Repository select(Stanza stanza, String selection) throws InvalidStanzaException {
    var repositories = of(stanza.spec());
    return find(repositories, selection)
        .orElseThrow(
            () ->
                new InvalidStanzaException(
                    ClusterReason.REPOSITORY_UNKNOWN,
                    "the stanza '%s' has no repository '%s'; choose one of %s"
                        .formatted(
                            stanza.name(),
                            selection,
                            repositories.stream()
                                .map(Repository::label)
                                .collect(Collectors.joining(", ")))));
  }

  /// Names are looked at first: a repository may be called `2`.
  private static Optional<Repository> find(List<Repository> repositories, String selection) {
    return repositories.stream()
        .filter(repository -> repository.name().filter(selection::equals).isPresent())
        .findFirst()
        .or(
            () ->
                repositories.stream()
                    .filter(repository -> selection.equals(Integer.toString(repository.index())))
                    .findFirst());
  }
}
