package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.Cluster;
import com.dalibo.pgbackrest.cnpgi.proto.wal.WALRestoreRequest.Mode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PatienceTest {

  @Test
  void theRecoveryOfANewClusterWaitsUntilItPasses() {
    assertThat(patience("{}", "{}", Mode.MODE_RECOVERY)).isEqualTo(Patience.UNTIL_IT_PASSES);
  }

  @Test
  void theRecoveryFromSnapshotsWaitsUntilItIsPutRight() {
    assertThat(
            patience(
                "{\"bootstrap\": {\"recovery\": {\"volumeSnapshots\": {\"storage\": {\"name\": \"s\"}}}}}",
                "{}",
                Mode.MODE_RECOVERY))
        .isEqualTo(Patience.UNTIL_PUT_RIGHT);
  }

  @Test
  void aStandbyAsksAgainByItself() {
    assertThat(
            patience(
                "{}",
                "{\"currentPrimary\": \"demo-2\", \"targetPrimary\": \"demo-2\"}",
                Mode.MODE_RECOVERY))
        .isEqualTo(Patience.ONCE);
  }

  @Test
  void aStandbyThatBecomesPrimaryWaitsAWhile() {
    assertThat(
            patience(
                "{}",
                "{\"currentPrimary\": \"demo-2\", \"targetPrimary\": \"demo-1\"}",
                Mode.MODE_RECOVERY))
        .isEqualTo(Patience.FAILOVER);
  }

  @Test
  void aPromotionByTokenWaitsUntilItPasses() {
    assertThat(
            patience(
                "{\"replica\": {\"enabled\": false, \"promotionToken\": \"t\"}}",
                "{\"currentPrimary\": \"demo-1\", \"targetPrimary\": \"demo-1\"}",
                Mode.MODE_RECOVERY))
        .isEqualTo(Patience.UNTIL_IT_PASSES);
  }

  @Test
  void theDesignatedPrimaryOfAReplicaClusterAsksAgainByItself() {
    assertThat(
            patience(
                "{\"replica\": {\"enabled\": true, \"source\": \"origin\"}}",
                "{\"currentPrimary\": \"demo-1\", \"targetPrimary\": \"demo-1\"}",
                Mode.MODE_RECOVERY))
        .isEqualTo(Patience.ONCE);
  }

  @Test
  void aRewindIsGivenAFewSeconds() {
    assertThat(
            patience(
                "{}",
                "{\"currentPrimary\": \"demo-2\", \"targetPrimary\": \"demo-2\"}",
                Mode.MODE_REWIND))
        .isEqualTo(Patience.REWIND);
  }

  private static Patience patience(String spec, String status, Mode mode) {
    var cluster =
        "{\"metadata\": {\"name\": \"demo\"}, \"spec\": %s, \"status\": %s}"
            .formatted(spec, status);
    return Patience.of(Cluster.parse(cluster.getBytes(StandardCharsets.UTF_8)), "demo-1", mode);
  }
}
