package com.dalibo.pgbackrest.operator.adoption;

import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary.Range;
import com.dalibo.pgbackrest.stanza.api.status.CatalogueStatus;
import com.dalibo.pgbackrest.stanza.api.status.CatalogueStatus.Entry;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaOwner;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.api.status.StatusTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which Backup objects are created for a Stanza, and which are removed: decided from its last
/// inspection and from the Backups of its namespace.
///
/// @param create those that are missing
/// @param expired adopted ones whose backup is no longer in its repository
/// @param unknown how many backups name no Cluster
/// @param living Clusters that are there, whose backups are left to them
record Adoption(
    List<Adoptable> create, List<FoundBackup> expired, int unknown, Set<String> living) {

  /// By the sidecar, with a backup.
  static final String CLUSTER = "cnpg-cluster";

  static final String CLUSTER_UID = "cnpg-cluster-uid";
  static final String BACKUP_UID = "cnpg-backup-uid";

  /// As CNPG names Clusters.
  private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]{0,48}[a-z0-9])?");

  private static final int TIMELINE_DIGITS = 8;

  /// A backup, and the Cluster whose it is.
  ///
  /// @param clusterUid empty if it is unknown
  record Adoptable(Entry backup, Repository repository, String cluster, String clusterUid) {}

  /// @param found in the namespace of the Stanza
  /// @param lives whether a Cluster of this name is there
  static Adoption of(Stanza stanza, List<FoundBackup> found, Predicate<String> lives) {
    var status = Objects.requireNonNull(stanza.status());
    var create = new ArrayList<Adoptable>();
    var living = new HashSet<String>();
    var unknown = 0;
    var usable = usable(stanza);
    for (var backup : usable) {
      var adoptable = adoptable(stanza, status.owner(), backup);
      if (adoptable.isEmpty()) {
        unknown++;
      } else if (isOfOwner(status.owner(), adoptable.get())
          && isMissing(stanza, adoptable.get(), found)) {
        if (lives.test(adoptable.get().cluster())) {
          living.add(adoptable.get().cluster());
        } else {
          create.add(adoptable.get());
        }
      }
    }
    var expired =
        found.stream()
            .filter(backup -> backup.isAdoptedFrom(stanza))
            .filter(backup -> isExpired(stanza, backup))
            .toList();
    return new Adoption(List.copyOf(create), expired, unknown, Set.copyOf(living));
  }

  // -- what can be restored -----------------------------------------------------------------------

  /// A completed Backup says that it can be restored: not those with damaged pages or without WAL
  /// that they need, and none that builds on such a one.
  private static List<Entry> usable(Stanza stanza) {
    var usable = new ArrayList<Entry>();
    var oldestFirst =
        entries(stanza).stream()
            .filter(entry -> entry.label() != null && entry.startTime() != null)
            .filter(entry -> entry.stopTime() != null)
            .sorted(Comparator.comparing(Adoption::label))
            .toList();
    var labels = oldestFirst.stream().map(Adoption::key).toList();
    for (var entry : oldestFirst) {
      var isWhole = !Boolean.TRUE.equals(entry.pageErrors()) && !hasGap(stanza, entry);
      var prior = entry.prior() == null ? null : key(entry.repository(), entry.prior());
      // One that is older than those listed was there when this one was taken.
      var hasPrior =
          prior == null
              || !labels.contains(prior)
              || usable.stream().map(Adoption::key).anyMatch(prior::equals);
      if (isWhole && hasPrior) {
        usable.add(entry);
      }
    }
    return usable;
  }

  private static boolean hasGap(Stanza stanza, Entry entry) {
    var range = entry.archive();
    return range != null
        && status(stanza, Objects.toString(entry.repository()))
            .map(RepositoryStatus::walGaps)
            .stream()
            .flatMap(Collection::stream)
            .anyMatch(gap -> isWithin(gap, range));
  }

  /// By their positions in the WAL, whatever the timeline.
  private static boolean isWithin(String gap, Range range) {
    var ends = gap.split("-", 2);
    return position(ends[0]).compareTo(position(range.stop())) <= 0
        && position(ends[ends.length - 1]).compareTo(position(range.start())) >= 0;
  }

  private static String position(@Nullable String segment) {
    var text = Objects.toString(segment, "");
    return text.length() > TIMELINE_DIGITS ? text.substring(TIMELINE_DIGITS) : text;
  }

  // -- whose it is --------------------------------------------------------------------------------

  /// The Cluster is the one that the backup names; one that names none is of the owner on record.
  private static Optional<Adoptable> adoptable(
      Stanza stanza, @Nullable StanzaOwner owner, Entry backup) {
    var annotations = Optional.ofNullable(backup.annotations()).orElse(Map.of());
    var named =
        Optional.ofNullable(annotations.get(CLUSTER))
            .map(text -> text.substring(text.indexOf('/') + 1));
    var recorded = Optional.ofNullable(owner).map(StanzaOwner::cluster);
    var uid =
        Optional.ofNullable(annotations.get(CLUSTER_UID))
            .or(() -> named.isPresent() ? Optional.empty() : uid(owner));
    return repository(stanza, Objects.toString(backup.repository()))
        .flatMap(
            repository ->
                named
                    .or(() -> recorded)
                    .filter(name -> NAME.matcher(name).matches())
                    .map(name -> new Adoptable(backup, repository, name, uid.orElse(""))));
  }

  private static Optional<String> uid(@Nullable StanzaOwner owner) {
    return Optional.ofNullable(owner).map(StanzaOwner::uid);
  }

  /// Where an owner is on record, no other Cluster's backups are adopted.
  private static boolean isOfOwner(@Nullable StanzaOwner owner, Adoptable backup) {
    return owner == null || owner.cluster() == null || owner.cluster().equals(backup.cluster());
  }

  /// Also one whose Backup failed has its object.
  private static boolean isMissing(Stanza stanza, Adoptable adoptable, List<FoundBackup> found) {
    var annotations = Optional.ofNullable(adoptable.backup().annotations()).orElse(Map.of());
    var name = AdoptedObject.name(adoptable);
    return found.stream()
        .noneMatch(
            backup ->
                backup.uid().equals(annotations.getOrDefault(BACKUP_UID, ""))
                    || (backup.name().equals(name)
                        && (backup.isCompleted() || !backup.isAdoptedFrom(stanza)))
                    || (backup.label().equals(adoptable.backup().label())
                        && backup.cluster().equals(adoptable.cluster())
                        && (backup.repository().isEmpty()
                            || backup
                                .repository()
                                .equals(Objects.toString(adoptable.backup().repository())))));
  }

  // -- what has expired ---------------------------------------------------------------------------

  /// Only where its repository is still at the same place, has answered, and has newer or older
  /// backups: one without any may be another, or emptied by mistake. The catalogue has the newest
  /// of all repositories, by their end; what ended before them need not have expired.
  private static boolean isExpired(Stanza stanza, FoundBackup backup) {
    var listed =
        entries(stanza).stream()
            .filter(entry -> Objects.toString(entry.repository()).equals(backup.repository()))
            .map(Adoption::label)
            .toList();
    return backup.isCompleted()
        && repository(stanza, backup.repository())
            .filter(there -> there.storage().location().equals(backup.location()))
            .isPresent()
        && status(stanza, backup.repository()).filter(RepositoryStatus::isReachable).isPresent()
        && !listed.isEmpty()
        && !listed.contains(backup.label())
        && (older(stanza) == 0 || isAfter(backup.stopped(), oldest(stanza)));
  }

  private static int older(Stanza stanza) {
    return Optional.ofNullable(stanza.status())
        .map(StanzaStatus::catalogue)
        .map(CatalogueStatus::older)
        .orElse(0);
  }

  private static Optional<Instant> oldest(Stanza stanza) {
    return entries(stanza).stream()
        .flatMap(entry -> StatusTime.parse(entry.stopTime()).stream())
        .min(Comparator.naturalOrder());
  }

  private static boolean isAfter(String time, Optional<Instant> other) {
    return StatusTime.parse(time).flatMap(moment -> other.map(moment::isAfter)).orElse(false);
  }

  // -- what is read -------------------------------------------------------------------------------

  private static List<Entry> entries(Stanza stanza) {
    return Optional.ofNullable(stanza.status())
        .map(StanzaStatus::catalogue)
        .map(CatalogueStatus::backups)
        .orElse(List.of());
  }

  private static String label(Entry entry) {
    return Objects.toString(entry.label(), "");
  }

  private static String key(Entry entry) {
    return key(entry.repository(), label(entry));
  }

  private static String key(@Nullable Integer repository, @Nullable String label) {
    return repository + "/" + label;
  }

  private static Optional<Repository> repository(Stanza stanza, String index) {
    return Repositories.of(stanza.spec()).stream()
        .filter(repository -> Integer.toString(repository.index()).equals(index))
        .findFirst();
  }

  private static Optional<RepositoryStatus> status(Stanza stanza, String index) {
    return Optional.ofNullable(stanza.status()).map(StanzaStatus::repositories).stream()
        .flatMap(List::stream)
        .filter(repository -> Objects.toString(repository.index()).equals(index))
        .findFirst();
  }
}
