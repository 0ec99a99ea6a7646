package com.dalibo.pgbackrest.sidecar.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.info.BackupType;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackupParametersTest {
  @Test
  void nothingGivenLeavesEverythingToPgBackRest() {
    assertThat(BackupParameters.of(Map.of("backupType", " ")))
        .isEqualTo(new BackupParameters(BackupType.INCR, Optional.empty(), Optional.empty()));
  }

  @Test
  void everyKnownParameterIsRead() {
    var parameters =
        BackupParameters.of(
            Map.of("backupType", "diff", "selectedRepository", "second", "timeout", "90m"));

    assertThat(parameters)
        .isEqualTo(
            new BackupParameters(
                BackupType.DIFF, Optional.of("second"), Optional.of(Duration.ofMinutes(90))));
  }

  @ParameterizedTest
  @CsvSource({"30, 30", "30s, 30", "2h30m, 9000", "1h, 3600"})
  void aTimeoutIsSecondsOrHasUnits(String written, long seconds) {
    assertThat(BackupParameters.of(Map.of("timeout", written)).timeout())
        .contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "0", "-5m", "1d", "99999999999999999999"})
  void aTimeoutThatIsNoneIsRefused(String written) {
    assertThatThrownBy(() -> BackupParameters.of(Map.of("timeout", written)))
        .hasMessage(
            "parameter 'timeout' is '"
                + written
                + "'; write a duration such as 90m, 2h30m or 3600s");
  }

  @Test
  void anUnknownParameterIsRefusedNamingTheKnownOnes() {
    assertThatThrownBy(() -> BackupParameters.of(Map.of("type", "full")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "unknown parameter 'type' of the Backup; known are backupType, selectedRepository,"
                + " timeout: correct spec.pluginConfiguration.parameters");
  }

  @Test
  void whatTheGoPluginIgnoredIsAcceptedWhereItAgreesWithTheCluster() {
    var cluster = Map.of("stanzaRef", "main", "pluginConfigRef", "sized");

    assertThat(
            BackupParameters.of(
                    Map.of("stanzaRef", "main", "pluginConfigRef", "sized", "backupType", "full"),
                    cluster)
                .type())
        .isEqualTo(BackupType.FULL);
    assertThatThrownBy(() -> BackupParameters.of(Map.of("stanzaRef", "other"), cluster))
        .hasMessage(
            "parameter 'stanzaRef' of the Backup is 'other', but that of its Cluster is 'main', "
                + "which applies: remove it from spec.pluginConfiguration.parameters");
    assertThatThrownBy(() -> BackupParameters.of(Map.of("pluginConfigRef", "a"), Map.of()))
        .hasMessageContaining("is 'a', but that of its Cluster is ''");
  }

  @Test
  void anUnknownTypeIsRefusedNamingTheKnownOnes() {
    assertThatThrownBy(() -> BackupParameters.of(Map.of("backupType", "FULL")))
        .hasMessage("parameter 'backupType' is 'FULL'; write one of full, diff, incr");
  }
}
