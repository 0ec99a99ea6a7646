package com.dalibo.pgbackrest.sidecar.walretry;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WalRetryPolicyTest {

  @Test
  void theRecoveryOfANewClusterWaitsUntilItPasses() {
    assertThat(policy("{}", "{}", RestoreMode.RECOVERY)).isEqualTo(WalRetryPolicy.UNTIL_IT_PASSES);
  }

  @Test
  void theRecoveryFromSnapshotsWaitsUntilItIsPutRight() {
    assertThat(
            policy(
                "{\"bootstrap\": {\"recovery\": {\"volumeSnapshots\": {\"storage\": {\"name\":"
                    + " \"s\"}}}}}",
                "{}",
                RestoreMode.RECOVERY))
        .isEqualTo(WalRetryPolicy.UNTIL_PUT_RIGHT);
  }

  @Test
  void aStandbyAsksAgainByItself() {
    assertThat(
            policy(
                "{}",
                "{\"currentPrimary\": \"demo-2\", \"targetPrimary\": \"demo-2\"}",
                RestoreMode.RECOVERY))
        .isEqualTo(WalRetryPolicy.ONCE);
  }

  @Test
  void aStandbyThatBecomesPrimaryWaitsAWhile() {
    assertThat(
            policy(
                "{}",
                "{\"currentPrimary\": \"demo-2\", \"targetPrimary\": \"demo-1\"}",
                RestoreMode.RECOVERY))
        .isEqualTo(WalRetryPolicy.FAILOVER);
  }

  @Test
  void aPromotionByTokenWaitsUntilItPasses() {
    assertThat(
            policy(
                "{\"replica\": {\"enabled\": false, \"promotionToken\": \"t\"}}",
                "{\"currentPrimary\": \"demo-1\", \"targetPrimary\": \"demo-1\"}",
                RestoreMode.RECOVERY))
        .isEqualTo(WalRetryPolicy.UNTIL_IT_PASSES);
  }

  @Test
  void theDesignatedPrimaryOfAReplicaClusterAsksAgainByItself() {
    assertThat(
            policy(
                "{\"replica\": {\"enabled\": true, \"source\": \"origin\"}}",
                "{\"currentPrimary\": \"demo-1\", \"targetPrimary\": \"demo-1\"}",
                RestoreMode.RECOVERY))
        .isEqualTo(WalRetryPolicy.ONCE);
  }

  @Test
  void aRewindIsGivenAFewSeconds() {
    assertThat(
            policy(
                "{}",
                "{\"currentPrimary\": \"demo-2\", \"targetPrimary\": \"demo-2\"}",
                RestoreMode.REWIND))
        .isEqualTo(WalRetryPolicy.REWIND);
  }

  private static WalRetryPolicy policy(String spec, String status, RestoreMode mode) {
    var cluster =
        "{\"metadata\": {\"name\": \"demo\"}, \"spec\": %s, \"status\": %s}"
            .formatted(spec, status);
    return WalRetryPolicy.of(
        Cluster.parse(cluster.getBytes(StandardCharsets.UTF_8)), "demo-1", mode);
  }
}
