package com.dalibo.pgbackrest.sidecar.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.stanza.api.status.StanzaOwner;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnershipClaimTest {

  private static final ArchiveContents EMPTY =
      new ArchiveContents("1", 0, Optional.empty(), Optional.empty(), false);
  private static final ArchiveContents WAL =
      new ArchiveContents("1", 0, Optional.of("000000010000000000000009"), Optional.empty(), false);
  private static final ArchiveContents OWN =
      new ArchiveContents("1", 1, Optional.of("000000010000000000000009"), Optional.empty(), true);
  private static final ArchiveContents FOREIGN =
      new ArchiveContents(
          "1", 2, Optional.of("000000010000000000000009"), Optional.of("another uid"), true);

  @Test
  void theClusterOnRecordIsNotAskedAgain() {
    assertThat(claim("", owner("demo", "our uid"), true).isRecorded()).isTrue();
  }

  @Test
  void anEmptyArchiveIsAnybodys() throws PreconditionException {
    assertThat(claim("", Optional.empty(), true).judge(List.of(EMPTY)))
        .isEqualTo(OwnershipClaim.Verdict.EMPTY);
  }

  @Test
  void anArchiveWithoutARecordIsContinuedWhereNothingAsksForEmptiness()
      throws PreconditionException {
    assertThat(claim("", Optional.empty(), false).judge(List.of(WAL)))
        .isEqualTo(OwnershipClaim.Verdict.CONTINUED);
  }

  @Test
  void aNewClusterNeedsAnEmptyArchive() {
    assertThatThrownBy(() -> claim("", Optional.empty(), true).judge(List.of(EMPTY, WAL)))
        .hasMessage(
            "the Cluster 'demo' is new, but its archive is not: stanza 'main' has 0 backups and WAL up to"
                + " 000000010000000000000009 in repository 1. Give the cluster a Stanza with another repoPath"
                + " or stanza name; or, to continue this archive deliberately, annotate the Cluster with"
                + " 'cnpg.io/skipEmptyWalArchiveCheck: enabled'");
  }

  @Test
  void whatAnotherToolArchivedForThisClusterIsContinued() throws PreconditionException {
    assertThat(claim("", Optional.empty(), true).judge(List.of(EMPTY, OWN)))
        .isEqualTo(OwnershipClaim.Verdict.CONTINUED);
  }

  @Test
  void aCopyHasItsSourcesSystemIdentifierAndProvesNothingByIt() {
    for (var bootstrap : List.of("recovery", "pg_basebackup")) {
      var copy =
          new OwnershipClaim(
              Cluster.parse(
                  "{\"metadata\": {\"name\": \"demo\", \"uid\": \"our uid\"}, \"spec\": {\"bootstrap\": {\"%s\": {\"source\": \"a\"}}}}"
                      .formatted(bootstrap)
                      .getBytes(StandardCharsets.UTF_8)),
              "main",
              Optional.empty(),
              false,
              true);

      assertThatThrownBy(() -> copy.judge(List.of(OWN)))
          .hasMessageContaining("the Cluster 'demo' is new, but its archive is not");
    }
  }

  @Test
  void aCloneOfAVolumeSnapshotHasNoMarkerAndContinuesOnlyWhatItsOwnBackupsSign()
      throws PreconditionException {
    var clone =
        new OwnershipClaim(
            Cluster.parse(
                "{\"metadata\": {\"name\": \"demo\", \"uid\": \"our uid\"}, \"spec\": {\"bootstrap\": {\"recovery\": {\"volumeSnapshots\": {\"storage\": {}}}}}}"
                    .getBytes(StandardCharsets.UTF_8)),
            "main",
            Optional.empty(),
            false,
            false);
    var signed = new ArchiveContents("1", 1, OWN.lastWal(), Optional.of("our uid"), true);

    assertThatThrownBy(() -> clone.judge(List.of(OWN)))
        .hasMessageContaining("the Cluster 'demo' is new, but its archive is not");
    assertThatThrownBy(() -> clone.judge(List.of(signed, WAL)))
        .hasMessageContaining("the Cluster 'demo' is new, but its archive is not");
    assertThat(clone.judge(List.of(EMPTY, signed))).isEqualTo(OwnershipClaim.Verdict.CONTINUED);
    assertThat(clone.judge(List.of(EMPTY))).isEqualTo(OwnershipClaim.Verdict.EMPTY);
  }

  @Test
  void backupsOfAnotherClusterAreNotContinued() {
    assertThatThrownBy(() -> claim("", Optional.empty(), false).judge(List.of(FOREIGN)))
        .hasMessageContaining(
            "the Cluster 'demo' must not archive to stanza 'main', where another cluster has 2 backups");
  }

  @Test
  void theUserMayAcceptWhatIsThere() throws PreconditionException {
    var accepting = "\"annotations\": {\"cnpg.io/skipEmptyWalArchiveCheck\": \"enabled\"},";

    assertThat(claim(accepting, Optional.empty(), false).judge(List.of(FOREIGN)))
        .isEqualTo(OwnershipClaim.Verdict.CONTINUED);
  }

  @Test
  void anotherClustersStanzaIsRefusedWithTheWayToFreeIt() {
    assertThatThrownBy(() -> claim("", owner("prod", "another uid"), false).refuseOtherOwner())
        .hasMessage(
            "stanza 'main' belongs to the Cluster 'prod'; the Cluster 'demo' must not archive there. Give it a"
                + " Stanza of its own, with another repoPath or stanza name; or, if 'prod' no "
                + "longer archives there, free the stanza: kubectl patch stanza main --namespace app"
                + " --subresource=status --type=merge -p '{\"status\":{\"owner\":null}}'");
  }

  @Test
  void whatAFormerClusterOfTheSameNameLeftIsNotContinuedUnasked() throws PreconditionException {
    var claim = claim("", owner("demo", "former uid"), false);

    claim.refuseOtherOwner();

    assertThatThrownBy(() -> claim.judge(List.of(WAL)))
        .hasMessageContaining("the Cluster 'demo' is new, but its archive is not");
  }

  private static OwnershipClaim claim(
      String annotations, Optional<StanzaOwner> owner, boolean mustBeEmpty) {
    var cluster =
        Cluster.parse(
            "{\"metadata\": {%s \"name\": \"demo\", \"namespace\": \"app\", \"uid\": \"our uid\"}}"
                .formatted(annotations)
                .getBytes(StandardCharsets.UTF_8));
    return new OwnershipClaim(cluster, "main", owner, false, mustBeEmpty);
  }

  private static Optional<StanzaOwner> owner(String name, String uid) {
    return Optional.of(new StanzaOwner(name, uid, null, null));
  }
}
