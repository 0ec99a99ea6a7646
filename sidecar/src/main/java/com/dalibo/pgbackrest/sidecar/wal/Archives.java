package com.dalibo.pgbackrest.sidecar.wal;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.ArchiveInfo;
import com.dalibo.pgbackrest.postgres.TimelineHistory;
import com.dalibo.pgbackrest.postgres.Timelines;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The WAL of one cluster in all repositories together: a recovery takes each segment from
/// whichever has it.
///
/// @param each of one repository
public record Archives(StanzaSession session, List<ArchiveInfo> each) {
  private static final Log log = Log.named("wal");

  /// The timelines that a repository has a history of.
  public Set<Integer> histories() throws PgBackRestException, InterruptedException {
    return holders().keySet();
  }

  /// The same with their histories, each read once.
  public Timelines timelines() throws PgBackRestException, InterruptedException {
    var histories = new ArrayList<TimelineHistory>();
    for (var holders : holders().entrySet()) {
      histories.add(history(holders.getKey(), holders.getValue()));
    }
    return Timelines.of(histories);
  }

  /// For each timeline, where its history is.
  private SortedMap<Integer, List<ArchiveInfo>> holders()
      throws PgBackRestException, InterruptedException {
    var holders = new TreeMap<Integer, List<ArchiveInfo>>();
    for (var archive : each) {
      for (var timeline : session.pgBackRest().histories(archive.repositoryKey(), archive.id())) {
        holders.computeIfAbsent(timeline, _ -> new ArrayList<>()).add(archive);
      }
    }
    return holders;
  }

  /// From the first that has it whole.
  private TimelineHistory history(int timeline, List<ArchiveInfo> holders)
      throws PgBackRestException, InterruptedException {
    for (var archive : holders.subList(0, holders.size() - 1)) {
      try {
        return history(timeline, archive);
      } catch (PgBackRestException damaged) {
        log.warning(
            "a history is read from another repository",
            session.names(
                session.repository(archive.repositoryKey()),
                "timeline",
                timeline,
                "cause",
                damaged.getMessage()));
      }
    }
    return history(timeline, holders.getLast());
  }

  private TimelineHistory history(int timeline, ArchiveInfo archive)
      throws PgBackRestException, InterruptedException {
    return session.pgBackRest().history(archive.repositoryKey(), archive.id(), timeline);
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
  public boolean goBeyond(String segment) {
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
