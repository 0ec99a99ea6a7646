package com.dalibo.pgbackrest.sidecar.walretry;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PromotionBudgetTest {
  private final Exception away = new Exception("the store is away");

  private final PromotionBudget budget = new PromotionBudget();

  @Test
  void allRequestsOfAPromotionShareFifteenSeconds() {
    var promotion = cluster("demo-1", 1, "{}");

    assertThat(budget.left(promotion)).isEqualTo(Duration.ofSeconds(15));
    budget.spend(promotion, Duration.ofSeconds(11), away);
    assertThat(budget.left(promotion)).isEqualTo(Duration.ofSeconds(4));
    assertThat(budget.exhaustedBy(promotion)).isEmpty();
    budget.spend(promotion, Duration.ofSeconds(5), away);
    assertThat(budget.left(promotion)).isZero();
    assertThat(budget.exhaustedBy(promotion)).contains(away);
  }

  @Test
  void theNextPromotionHasABudgetOfItsOwn() {
    budget.spend(cluster("demo-1", 1, "{}"), Duration.ofSeconds(15), away);

    assertThat(budget.left(cluster("demo-2", 2, "{}"))).isEqualTo(Duration.ofSeconds(15));
    assertThat(budget.left(cluster("demo-1", 3, "{}"))).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void theClusterSaysHowLongItMayTake() {
    var promotion = cluster("demo-1", 1, "{\"promotionTimeout\": \"2m\"}");

    assertThat(budget.left(promotion)).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void whereEveryStandbyHasWhatWasConfirmedOnlyAMomentIsSpent() {
    var promotion =
        Cluster.parse(
            """
            {"metadata": {"name": "demo"}, "spec": {"instances": 3,
              "postgresql": {"synchronous": {"method": "any", "number": 2}}}}
            """
                .getBytes(StandardCharsets.UTF_8));

    assertThat(PromotionBudget.mayLackWal(promotion)).isFalse();
    assertThat(budget.left(promotion)).isEqualTo(Duration.ofSeconds(2));
  }

  private static Cluster cluster(String primary, int timeline, String parameters) {
    return Cluster.parse(
        """
        {"metadata": {"name": "demo"},
         "spec": {"plugins": [{"name": "pgbackrest.dalibo.com", "parameters": %s}]},
         "status": {"currentPrimary": "%s", "timelineID": %d}}
        """
            .formatted(parameters, primary, timeline)
            .getBytes(StandardCharsets.UTF_8));
  }
}
