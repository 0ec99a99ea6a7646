package com.dalibo.pgbackrest.sidecar.session;

import com.dalibo.pgbackrest.command.PgBackRest;
import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.rendering.RenderedConfiguration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A stanza ready for use: read, checked, rendered and on disk, as it was at one moment.
///
/// @param systemIdentifier of the PostgreSQL here; none while there is no data directory yet
/// @param each the same stanza as if it had one repository only, by number
public record StanzaSession(
    StanzaPurpose purpose,
    Stanza stanza,
    List<Repository> repositories,
    RenderedConfiguration rendered,
    OptionalLong systemIdentifier,
    PgBackRest pgBackRest,
    Map<Integer, PgBackRest> each) {

  /// The same with the object as it was read later, for its status.
  public StanzaSession with(Stanza read) {
    return new StanzaSession(
        purpose, read, repositories, rendered, systemIdentifier, pgBackRest, each);
  }

  /// All commands over one repository, for those that cannot choose, and for answers that must be
  /// one repository's own.
  public PgBackRest pgBackRest(int repository) {
    var only = each.get(repository);
    if (only == null) {
      throw new IllegalArgumentException(
          "the stanza '%s' has no repository %d; it has %s"
              .formatted(stanza.name(), repository, each.keySet()));
    }
    return only;
  }

  public Repository repository(int index) {
    return repositories.stream()
        .filter(repository -> repository.index() == index)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the stanza '%s' has no repository %d".formatted(stanza.name(), index)));
  }

  /// What a line of the log is about, as keys and values.
  @Nullable
  public Object[] names(Repository repository, @Nullable Object... more) {
    var names = Arrays.copyOf(more, more.length + 4);
    System.arraycopy(more, 0, names, 4, more.length);
    names[0] = "stanza";
    names[1] = stanza.name();
    names[2] = "repository";
    names[3] = repository.label();
    return names;
  }

  /// What a repository has of this stanza; empty where nobody has written to it.
  public Optional<StanzaInfo> info(int repository)
      throws PgBackRestException, InterruptedException {
    return pgBackRest.info(repository).stanza(configuration().stanza());
  }

  public Configuration configuration() {
    return rendered.configuration();
  }

  /// Whether another reading of the Stanza and its Secrets makes no difference to pgBackRest.
  boolean isConfiguredAs(StanzaSession other) {
    return configuration().equals(other.configuration())
        && rendered.files().keySet().equals(other.rendered.files().keySet())
        && rendered.files().entrySet().stream()
            .allMatch(
                file -> Arrays.equals(file.getValue(), other.rendered.files().get(file.getKey())));
  }

  public List<Integer> numbers() {
    return repositories.stream().map(Repository::index).toList();
  }

  /// `1 (minio), 2`
  public String labels(List<Integer> numbers) {
    return numbers.stream().map(n -> repository(n).label()).collect(Collectors.joining(", "));
  }
}
