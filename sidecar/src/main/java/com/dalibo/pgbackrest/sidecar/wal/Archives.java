package com.dalibo.pgbackrest.sidecar.wal;

import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.ArchiveInfo;
import com.dalibo.pgbackrest.postgres.Timelines;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The WAL of one cluster in all repositories together: a recovery takes each segment from
/// whichever has it.
///
/// @param each of one repository
public record Archives(StanzaSession session, List<ArchiveInfo> each) {
  /// Those that a repository has a history of; one that several have is read once.
  public Timelines timelines() throws PgBackRestException, InterruptedException {
    var timelines = Timelines.NONE;
    for (var archive : each) {
      timelines = session.pgBackRest().timelines(archive.repositoryKey(), archive.id(), timelines);
    }
    return timelines;
  }

  /// Those of the segments that are in no repository.
  List<String> missing(List<String> segments)
      throws PgBackRestException, PreconditionException, InterruptedException {
    var missing = segments;
    for (var archive : each) {
      missing = wal(archive).missing(missing);
    }
    return missing;
  }

  /// Whether there is any segment after one, in the order of the names: timeline by timeline.
  boolean goBeyond(String segment) {
    return each.stream()
        .map(ArchiveInfo::max)
        .anyMatch(newest -> newest != null && newest.compareTo(segment) > 0);
  }

  /// The first of the segments that a repository has.
  public Optional<String> first(List<String> segments)
      throws PgBackRestException, InterruptedException {
    var first = Optional.<String>empty();
    for (var archive : each) {
      var earlier = first.map(segments::indexOf).orElse(segments.size());
      var found = wal(archive).first(segments.subList(0, earlier));
      first = found.isPresent() ? found : first;
    }
    return first;
  }

  /// The newest segment of a timeline.
  ///
  /// @param bound the newest that counts, if not all do
  Optional<String> last(int timeline, Optional<String> bound)
      throws PgBackRestException, InterruptedException {
    var last = new ArrayList<String>();
    for (var archive : each) {
      last(archive, timeline, bound).ifPresent(last::add);
    }
    return last.stream().max(Comparator.naturalOrder());
  }

  private Optional<String> last(ArchiveInfo archive, int timeline, Optional<String> bound)
      throws PgBackRestException, InterruptedException {
    var max = archive.max();
    if (max == null) {
      return Optional.empty();
    }
    return WalFile.parse(max).timeline() == timeline
            && bound.filter(most -> max.compareTo(most) > 0).isEmpty()
        ? Optional.of(max)
        : wal(archive).last(timeline, bound);
  }

  private RepositoryWal wal(ArchiveInfo archive) {
    return RepositoryWal.of(session.pgBackRest(), archive.repositoryKey(), archive.id());
  }
}
