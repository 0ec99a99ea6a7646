package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.sidecar.wal.ReadyWal;
import com.dalibo.pgbackrest.sidecar.walarchive.ArchivingStatistics;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.ConditionType;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The conditions of a Stanza, judged from its repositories and from what archiving came to.
///
/// @param backedUp the repositories, by index, with a backup to replay what is archived now on
/// @param waiting what PostgreSQL wants archived, and nobody has
public record SidecarConditions(
    Stanza stanza,
    List<RepositoryStatus> repositories,
    Set<Integer> backedUp,
    ArchivingStatistics.Counts archive,
    ReadyWal waiting,
    Instant now) {
  /// All of the Stanza's: those that others write stay as they are.
  List<StanzaCondition> conditions() {
    var reachable = new ReachableCondition(repositories).verdict();
    var archiving = archiving().verdict();
    var verified = verified().verdict();
    var ready =
        new ReadyCondition(repositories, backedUp, isInspection(), written())
            .verdict(reachable, archiving, verified);
    var mine = new ArrayList<StanzaCondition>();
    mine.add(condition(ConditionType.READY, ready));
    mine.add(condition(ConditionType.REPOSITORIES_REACHABLE, reachable));
    mine.add(condition(ConditionType.ARCHIVING, archiving));
    verified.ifPresent(verdict -> mine.add(condition(ConditionType.VERIFIED, verdict)));
    if (isInspection()) {
      mine.add(
          condition(
              ConditionType.INSPECTED,
              Verdict.yes(
                  StanzaReason.INSPECTED,
                  "the repositories were queried at %s"
                      .formatted(now.truncatedTo(ChronoUnit.SECONDS)))));
    }
    return merged(mine);
  }

  /// Where an inspection came to nothing; what is known of the repositories stays.
  List<StanzaCondition> notInspected(String message) {
    return merged(
        List.of(
            condition(
                ConditionType.INSPECTED, Verdict.no(StanzaReason.INSPECTION_FAILED, message))));
  }

  /// No Cluster archives here, so that the operator had to have the repositories queried.
  private boolean isInspection() {
    return archive.outcome() == ArchivingStatistics.Outcome.NOBODY;
  }

  /// Where the Stanza cannot be used at all, so that nothing was asked.
  List<StanzaCondition> unusable(Reason reason, String message) {
    var mine = new ArrayList<StanzaCondition>();
    mine.add(condition(ConditionType.READY, Verdict.no(reason, message)));
    mine.add(condition(ConditionType.REPOSITORIES_REACHABLE, Verdict.unknown(reason, message)));
    mine.add(condition(ConditionType.ARCHIVING, archiving().verdict()));
    if (isInspection()) {
      mine.add(condition(ConditionType.INSPECTED, Verdict.unknown(reason, message)));
    }
    return merged(mine);
  }

  /// Where it is known that WAL is no longer archived before the repositories have been asked,
  /// which may take minutes; otherwise empty.
  Optional<List<StanzaCondition>> withdrawn() {
    var standstill = archiving().standstill();
    if (standstill.isEmpty() || !written().isTrue(ConditionType.ARCHIVING)) {
      return Optional.empty();
    }
    var mine = new ArrayList<StanzaCondition>();
    if (written().isTrue(ConditionType.READY)) {
      mine.add(condition(ConditionType.READY, standstill.get()));
    }
    mine.add(condition(ConditionType.ARCHIVING, standstill.get()));
    return Optional.of(merged(mine));
  }

  private WrittenConditions written() {
    return WrittenConditions.of(stanza);
  }

  private ArchivingCondition archiving() {
    return new ArchivingCondition(repositories, archive, waiting, written(), now);
  }

  private VerifiedCondition verified() {
    return new VerifiedCondition(stanza, repositories);
  }

  private List<StanzaCondition> merged(List<StanzaCondition> mine) {
    var types = mine.stream().map(StanzaCondition::type).toList();
    var all = new ArrayList<>(mine);
    written().all().stream()
        .filter(condition -> !types.contains(condition.type()))
        .filter(condition -> !condition.is(ConditionType.VERIFIED) || verified().isWanted())
        .filter(condition -> !condition.is(ConditionType.INSPECTED) || isInspection())
        .forEach(all::add);
    return List.copyOf(all);
  }

  private StanzaCondition condition(ConditionType type, Verdict verdict) {
    // The time of dropped WAL is needed later, so it counts anew also where archiving failed
    // before.
    var since =
        written()
            .find(type)
            .filter(known -> known.status().equals(verdict.status()))
            .filter(
                known ->
                    !verdict.hasReason(StanzaReason.WAL_DROPPED)
                        || ArchivingCondition.isOfDroppedWal(known))
            .map(StanzaCondition::lastTransitionTime)
            .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
    return new StanzaCondition(
        type.word(),
        verdict.status(),
        stanza.metadata().generation(),
        since,
        verdict.reason(),
        verdict.message());
  }
}
