package com.dalibo.pgbackrest.operator.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// An operator that ends before any request to the API server, and the next one that goes on.
class KilledOperatorTest {
  @Test
  void whereverAnOperatorEndsTheNextOneFinishesTheDrillWithOneCluster() {
    var requests = drill(Integer.MAX_VALUE).requests;
    // From a write to the request after it nothing else happens.
    var moments = new ArrayList<Integer>();
    for (int i = 0; i < requests.size(); i++) {
      if (!requests.get(i).startsWith("GET") || (i > 0 && !requests.get(i - 1).startsWith("GET"))) {
        moments.add(i + 1);
      }
    }
    assertThat(moments).hasSizeGreaterThan(15);

    moments.forEach(KilledOperatorTest::drill);
  }

  private static Killing drill(int last) {
    try (var stage = new DrillStage()) {
      return drill(stage, last);
    }
  }

  private static Killing drill(DrillStage stage, int last) {
    stage.drill("schedule: '0 0 3 * * *', checks: [{name: orders, sql: SELECT true}], pages: true");
    var killing = new Killing(last);
    var operators = new ArrayList<KubernetesClient>();
    try {
      var first = stage.client(killing);
      operators.add(first);
      var drills = stage.operator(first);
      for (int i = 0; i < 16; i++) {
        try {
          stage.hear();
          drills.follow();
        } catch (RuntimeException _) {
          // The end of this operator.
        }
        if (killing.isDead && operators.size() == 1) {
          var second = stage.client(killing.reborn());
          operators.add(second);
          drills = stage.operator(second);
        }
        if (isOver(stage)) {
          break;
        }
        stage.next();
        if (i == 2) {
          stage.clock.advance(Duration.ofSeconds(10));
        }
      }
    } finally {
      operators.forEach(KubernetesClient::close);
    }
    assertThat(stage.runs()).as("runs after an end before request %d", last).hasSize(1);
    var run = stage.runs().getFirst();
    assertThat(run.status().phase()).as("phase after %d", last).isEqualTo(Phase.ENDED);
    assertThat(run.status().result()).as("result after %d", last).isEqualTo(Result.SUCCEEDED);
    assertThat(killing.clusters()).as("Clusters created after %d", last).isEqualTo(1);
    assertThat(stage.clusters()).as("Clusters left after %d", last).isEmpty();
    assertThat(stage.api.list("jobs")).as("Jobs left after %d", last).isEmpty();
    assertThat(stage.conditions())
        .as("conditions after %d", last)
        .containsExactly("Proven=True DrillSucceeded", "Missed=False DrillTookPlace");
    assertThat(stage.drill().status().counts().successful())
        .as("counted after %d", last)
        .isEqualTo(1);
    assertThat(stage.drill().status().counts().missed()).as("missed after %d", last).isZero();
    return killing;
  }

  private static boolean isOver(DrillStage stage) {
    var status = stage.drill().status();
    return status != null
        && status.lastRun() != null
        && status.lastRun().phase() == Phase.ENDED
        && status.counts() != null
        && status.counts().successful() != null
        && status.counts().successful() == 1;
  }

  /// Refuses everything from one request on.
  private static final class Killing implements Interceptor {
    private final List<String> requests;
    private final int last;
    private volatile boolean isDead;

    Killing(int last) {
      this(new ArrayList<>(), last);
    }

    private Killing(List<String> requests, int last) {
      this.requests = requests;
      this.last = last;
    }

    Killing reborn() {
      return new Killing(requests, Integer.MAX_VALUE);
    }

    long clusters() {
      return requests.stream()
          .filter(request -> request.startsWith("POST") && request.endsWith("/clusters"))
          .count();
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      if (requests.size() + 1 >= last) {
        isDead = true;
        throw new IllegalStateException("the operator has ended");
      }
      requests.add(request.method() + " " + request.uri().getPath());
    }
  }
}
