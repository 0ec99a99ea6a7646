package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.proto.metrics.CollectMetric;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Backups to one of two repositories, and what is known of them.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(900)
class BackupIT {
  @TempDir static Path directory;

  @RegisterExtension static final HistoryStage stage = new HistoryStage(() -> directory);

  @Test
  @Order(1)
  void everyFieldOfTheResultIsFilled() {
    assertThat(stage.first.getBackupId())
        .matches("\\d{8}-\\d{6}F")
        .isEqualTo(stage.first.getBackupName());
    assertThat(stage.first.getOnline()).isTrue();
    assertThat(stage.first.getInstanceId()).isEqualTo("c-1");
    assertThat(stage.first.getStartedAt()).isPositive();
    assertThat(stage.first.getStoppedAt()).isGreaterThanOrEqualTo(stage.first.getStartedAt());
    assertThat(stage.first.getBeginWal()).matches("[0-9A-F]{24}");
    assertThat(stage.first.getEndWal()).matches("[0-9A-F]{24}");
    assertThat(stage.first.getBeginLsn()).matches("[0-9A-F]+/[0-9A-F]+");
    assertThat(stage.first.getEndLsn()).matches("[0-9A-F]+/[0-9A-F]+");
    assertThat(stage.first.getMetadataMap())
        .containsEntry("stanza", "main")
        .containsEntry("repository", "1")
        .containsEntry("type", "full")
        .containsEntry("clusterUID", stage.source.manager.cluster().uid());
    assertThat(stage.second.getMetadataMap())
        .containsEntry("repository", "2")
        .containsEntry("repositoryName", "second");
  }

  @Test
  @Order(2)
  void theSameBackupAskedForAgainIsTheSameBackup() {
    assertThat(stage.source.backup("b1", "").getBackupId()).isEqualTo(stage.first.getBackupId());
  }

  @Test
  @Order(2)
  void anUnknownRepositoryIsRefusedNamingTheKnownOnes() {
    assertThatThrownBy(() -> stage.source.backup("b9", "selectedRepository: third"))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("has no repository 'third'; choose one of 1, 2 (second)");
  }

  @Test
  @Order(3)
  void theMetricsKnowTheBackups() throws Exception {
    Eventually.until(
        "they were asked after the last backup",
        () -> metrics().getOrDefault("pgbackrest_dalibo_com_full_count[]", 0.0) == 2.0);

    assertThat(metrics())
        .containsEntry("pgbackrest_dalibo_com_full_count[]", 2.0)
        .containsEntry("pgbackrest_dalibo_com_repository_backups[2, second, full]", 1.0)
        .containsEntry("pgbackrest_dalibo_com_repository_status[1, ]", 0.0);
  }

  private Map<String, Double> metrics() {
    return stage.source.manager.collectMetrics().stream()
        .collect(
            Collectors.toMap(
                s -> s.getFqName() + s.getVariableLabelsList(), CollectMetric::getValue));
  }

  @Test
  @Order(4)
  void aBackupWhoseWalDoesNotArriveFailsNamingTheSegment() {
    // PostgreSQL believes it archived, so nothing is held back that the backup itself could put
    // there.
    stage.source.postgres.set("archive_command", "true").reload();

    assertThatThrownBy(() -> stage.source.backup("b3", "backupType: incr"))
        .hasMessageContaining("cannot be restored: WAL segment '0000000")
        .hasMessageContaining("did not arrive in repository 1 of stanza 'main' within 60 s");
    stage.source.postgres.set("archive_command", stage.source.manager.archiveCommand()).reload();
  }
}
