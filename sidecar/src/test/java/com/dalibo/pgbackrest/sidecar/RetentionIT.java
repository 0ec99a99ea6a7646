package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A retention that is shortened says what it costs before it takes effect, and what it removed is
/// not missed.
@Timeout(300)
class RetentionIT {
  @TempDir private Path directory;
  @AutoClose private TestInstance stage;
  private UserView told;
  private int tables;

  @BeforeEach
  void begin() throws Exception {
    stage = new TestInstance(directory, TestInstance.archiving());
    keep(5);
    stage.keepHouse();
    stage.startPostgres();
    told = new UserView(stage.api);
  }

  @Test
  void whatAShorterRetentionRemovesIsSaidBeforeItIsRemoved() throws Exception {
    var first = backup();
    var second = backup();
    var third = backup();
    Eventually.until("all are known", () -> hasLast(third));

    keep(1);
    Eventually.until("it is in the status", () -> expiring().equals(List.of(first, second)));

    Eventually.until("it is told", () -> told.events("Cluster", "RetentionWillExpire").size() == 1);
    Eventually.until(
        "so it is with the Stanza", () -> !told.events("Stanza", "RetentionWillExpire").isEmpty());
    assertThat(told.events("Stanza", "RetentionWillExpire"))
        .singleElement()
        .asString()
        .startsWith(
            "the next backup into repository 1 removes backup %s, %s and WAL 0000"
                .formatted(first, second))
        .endsWith(" because its retentionPolicy was edited; to keep them, revert it before then");
    assertThat(told.repository(1).orElseThrow().willExpire().archives()).isNotEmpty();
    assertThat(labels()).contains(first, second, third);

    keep(4);
    Eventually.until("it is taken back", () -> expiring().isEmpty());
    assertThat(labels()).contains(first, second, third);

    keep(2);
    Eventually.until("it is said again", () -> expiring().equals(List.of(first)));
    var fourth = backup();
    Eventually.until("it is done", () -> hasLast(fourth) && expiring().isEmpty());
    assertThat(labels()).containsExactly(third, fourth);
  }

  @Test
  void aShorterRetentionThatRemovesNothingIsNoNews() throws Exception {
    var only = backup();
    Eventually.until("it is known", () -> hasLast(only));
    var before = observed();
    keep(1);
    Eventually.until("the edit is seen", () -> observed() > before);

    assertThat(expiring()).isEmpty();
    assertThat(told.events("Stanza", "RetentionWillExpire")).isEmpty();
  }

  @Test
  void whatCouldNotBeRemovedAfterABackupIsRemovedLater() throws Exception {
    keep(1);
    var first = backup();
    stage
        .s3
        .faults()
        .failWhere(request -> request.startsWith("POST ") && request.contains("delete"));

    var second = backup();

    // Its manifest goes first, each file of it after that.
    assertThat(files(first)).isPositive();
    stage.s3.faults().heal();
    Eventually.until("it is removed", () -> files(first) == 0);
    assertThat(labels()).containsExactly(second);
  }

  @Test
  void walThatRetentionRemovesIsNoGap() throws Exception {
    keep("full: 7, archive: 1, archiveType: full");
    var first = stage.backup("backupType: full");
    var removed = archiveMore();
    archiveMore();
    var second = stage.backup("backupType: full");
    var followed = archiveMore();
    archiveMore();
    Eventually.until("the second is known", () -> hasLast(second.getBackupId()));
    assertThat(wal(removed)).isEmpty();
    verify();

    Eventually.until("it is verified", () -> told.condition("Verified").equals("True Verified"));
    Eventually.until("the cluster is ready", () -> told.condition("Ready").equals("True Ready"));
    var status = told.repository(1).orElseThrow();
    assertThat(status.walGaps()).isEmpty();
    assertThat(status.firstBackup().label()).isEqualTo(first.getBackupId());
    assertThat(Instant.parse(status.earliestRestorableTime()))
        .isEqualTo(Instant.ofEpochSecond(second.getStoppedAt()));
    assertThat(told.events("Stanza", "WALGap")).isEmpty();

    lose(first.getEndWal());
    lose(followed);
    Eventually.until(
        "what is lost is said",
        () ->
            told.repository(1)
                .orElseThrow()
                .walGaps()
                .equals(List.of(first.getEndWal(), followed)));
    assertThat(told.condition("Ready")).isEqualTo("False WALGap");
  }

  /// Returns the segment that was archived.
  private String archiveMore() throws Exception {
    stage.postgres.execute("create table t%d (n int)".formatted(tables++));
    var segment = stage.postgres.switchWal();
    stage.postgres.waitForArchived(segment, Duration.ofMinutes(1));
    return segment;
  }

  private List<String> wal(String segment) {
    return stage.s3.keys("one").stream().filter(key -> key.contains(segment + "-")).toList();
  }

  private void lose(String segment) {
    assertThat(wal(segment)).isNotEmpty();
    wal(segment).forEach(key -> stage.s3.delete("one", key));
  }

  private void verify() {
    stage.api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: main}
        spec: {stanzaConfiguration: {verify: {every: 1h}}}
        """);
  }

  private void keep(int full) {
    keep("full: " + full);
  }

  private void keep(String retention) {
    stage.applyStanza(
        "main", stage.oneRepository() + "        retentionPolicy: {%s}\n".formatted(retention));
  }

  private String backup() {
    return stage.backup("backupType: full").getBackupId();
  }

  private boolean hasLast(String label) throws Exception {
    return told.repository(1)
        .map(RepositoryStatus::lastBackup)
        .filter(last -> label.equals(last.label()))
        .isPresent();
  }

  private List<String> expiring() throws Exception {
    return told.repository(1)
        .map(RepositoryStatus::willExpire)
        .map(expiration -> expiration.backups())
        .orElse(List.of());
  }

  private long files(String label) {
    return stage.s3.keys("one").stream()
        .filter(key -> key.contains("/backup/main/" + label + "/"))
        .count();
  }

  private List<String> labels() {
    return stage.s3.keys("one").stream()
        .filter(key -> key.matches(".*/[0-9F-]+/backup.manifest"))
        .map(key -> key.replaceFirst("/backup.manifest$", "").replaceFirst(".*/", ""))
        .toList();
  }

  private long observed() {
    return stage
        .api
        .get("stanzas", "default", "main")
        .orElseThrow()
        .getAsJsonObject("status")
        .get("observedGeneration")
        .getAsLong();
  }
}
