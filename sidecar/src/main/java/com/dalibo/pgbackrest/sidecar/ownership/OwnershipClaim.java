package com.dalibo.pgbackrest.sidecar.ownership;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaOwner;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A cluster's wish to write to a stanza, and whether that may be: from the owner on record, and
/// from what the repositories hold.
public record OwnershipClaim(
    Cluster cluster,
    String stanza,
    Optional<StanzaOwner> owner,
    boolean isOwnerGone,
    boolean mustBeEmpty) {

  private static final Set<String> GONE =
      Set.of(StanzaReason.CLUSTER_GONE.word(), StanzaReason.OWNER_REPLACED.word());

  enum Verdict {
    /// The cluster is on record.
    OURS,
    /// The cluster may be put on record; no repository holds anything.
    EMPTY,
    /// The cluster may be put on record; what is there is its own, or accepted by the user.
    CONTINUED
  }

  public static OwnershipClaim of(Cluster cluster, Stanza stanza, boolean mustBeEmpty) {
    var status = stanza.status();
    var owner =
        Optional.ofNullable(status == null ? null : status.owner())
            .filter(recorded -> recorded.uid() != null && !recorded.uid().isEmpty());
    return new OwnershipClaim(
        cluster,
        stanza.name(),
        owner,
        status != null && owner.filter(recorded -> isGone(recorded, status)).isPresent(),
        mustBeEmpty);
  }

  /// By the operator's word: it sees all Clusters, and looks for the owner every minute.
  private static boolean isGone(StanzaOwner owner, StanzaStatus status) {
    var conditions = status.conditions();
    return conditions != null
        && conditions.stream()
            .filter(condition -> "Archiving".equals(condition.type()))
            .filter(condition -> GONE.contains(Objects.toString(condition.reason(), "")))
            .anyMatch(
                condition ->
                    Objects.toString(condition.message(), "")
                        .contains("'" + owner.cluster() + "'"));
  }

  public boolean isRecorded() {
    return record().isPresent();
  }

  /// What is on record of this cluster.
  public Optional<StanzaOwner> record() {
    return owner.filter(recorded -> cluster.uid().equals(recorded.uid()));
  }

  /// Whether nobody else is known to write there: a takeover harms no living cluster.
  boolean isFree() {
    return owner.isEmpty() || isRecorded() || isFormerSelf() || isOwnerGone;
  }

  /// A cluster of another name may well be alive. One of the same name cannot be: what it left is
  /// judged as any other archive.
  void refuseOtherOwner() throws PreconditionException {
    if (owner.isEmpty() || isFormerSelf()) {
      return;
    }
    if (!isOwnerGone) {
      throw new PreconditionException(
          ("stanza '%s' belongs to the Cluster '%s'; the Cluster '%s' must not archive there. Give it a Stanza of"
                  + " its own, with another repoPath or stanza name; or, if '%2$s' no longer "
                  + "archives there, free the stanza: kubectl patch stanza %1$s --namespace %4$s --subresource=status"
                  + " --type=merge -p '{\"status\":{\"owner\":null}}'")
              .formatted(stanza, owner.get().cluster(), cluster.name(), cluster.namespace()));
    }
    if (!cluster.skipEmptyWalArchiveCheck()) {
      throw new PreconditionException(
          "stanza '%s' belonged to the Cluster '%s', which is gone; the Cluster '%s' does not archive there without permission. %s"
              .formatted(stanza, owner.get().cluster(), cluster.name(), waysOut(cluster)));
    }
  }

  /// What its people can do where nobody else writes.
  static String waysOut(Cluster cluster) {
    return ("Give the cluster a Stanza of its own, with another repoPath or stanza name; or, to "
            + "let it continue that archive in place of the cluster that wrote it: kubectl annotate cluster %s --namespace %s"
            + " cnpg.io/skipEmptyWalArchiveCheck=enabled")
        .formatted(cluster.name(), cluster.namespace());
  }

  /// For a cluster that is not on record.
  Verdict judge(List<ArchiveContents> contents) throws PreconditionException {
    var held = contents.stream().filter(repository -> !repository.isEmpty()).toList();
    if (held.isEmpty()) {
      return Verdict.EMPTY;
    }
    if (cluster.skipEmptyWalArchiveCheck()) {
      return Verdict.CONTINUED;
    }
    if (!isProven(held)) {
      throw refusal("the Cluster '%s' is new, but its archive is not: stanza '%s' has %s", held);
    }
    refuseForeign(held);
    return Verdict.CONTINUED;
  }

  /// For a repository that the stanza got when its owner was on record already.
  void judgeAdded(ArchiveContents contents) throws PreconditionException {
    if (!cluster.skipEmptyWalArchiveCheck()) {
      refuseForeign(List.of(contents));
    }
  }

  private void refuseForeign(List<ArchiveContents> held) throws PreconditionException {
    if (held.stream().anyMatch(this::isForeign)) {
      throw refusal(
          "the Cluster '%s' must not archive to stanza '%s', where another cluster has %s", held);
    }
  }

  private boolean isProven(List<ArchiveContents> held) {
    if (mustBeEmpty || isFormerSelf()) {
      return isOwn(held);
    }
    return !cluster.isRecoveredFromSnapshots() || isSigned(held);
  }

  /// `initdb` gives every cluster a system identifier of its own, so an archive with that of a
  /// cluster that is no copy is this cluster's: what another tool left, or this one before its
  /// record was lost. CNPG asks for emptiness there too, since other plugins leave its marker in
  /// place.
  private boolean isOwn(List<ArchiveContents> held) {
    return cluster.isMadeByInitdb()
        && held.stream().allMatch(contents -> contents.sameSystem() && !isForeign(contents));
  }

  /// Volume snapshots bring the data of another cluster without CNPG's marker of a new one, and its
  /// system identifier: only backups prove whose the archive is.
  private boolean isSigned(List<ArchiveContents> held) {
    return held.stream()
        .allMatch(contents -> contents.clusterUid().filter(cluster.uid()::equals).isPresent());
  }

  private boolean isFormerSelf() {
    return owner
        .filter(recorded -> cluster.name().equals(recorded.cluster()) && !isRecorded())
        .isPresent();
  }

  private boolean isForeign(ArchiveContents contents) {
    return contents.clusterUid().filter(uid -> !uid.equals(cluster.uid())).isPresent();
  }

  private PreconditionException refusal(String what, List<ArchiveContents> held) {
    return new PreconditionException(
        (what
                + ". Give the cluster a Stanza with another repoPath or stanza name; or, to "
                + "continue this archive deliberately, annotate the Cluster with 'cnpg.io/skipEmptyWalArchiveCheck: enabled'")
            .formatted(
                cluster.name(),
                stanza,
                held.stream().map(ArchiveContents::toString).collect(Collectors.joining("; "))));
  }
}
