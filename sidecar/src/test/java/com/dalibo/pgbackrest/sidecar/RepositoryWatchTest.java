package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.Cluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RepositoryWatchTest {
  private static final Duration NEVER_OLD = Duration.ofHours(1);
  private static final List<RepositorySummary> ONE =
      List.of(new RepositorySummary(1, "s3", 0, Map.of(), Optional.empty(), Optional.empty()));

  private final AtomicInteger questions = new AtomicInteger();

  @Test
  void aLookNeverWaitsForTheAnswer() {
    var never = new CountDownLatch(1);
    var watch =
        new RepositoryWatch(
            "c-1",
            NEVER_OLD,
            _ -> {
              never.await();
              return ONE;
            });

    assertThat(watch.repositories(cluster("c-1"), 0)).isEmpty();
    never.countDown();
  }

  @Test
  void theAnswerIsRememberedUntilABackupChangesIt() throws Exception {
    var watch = new RepositoryWatch("c-1", NEVER_OLD, _ -> answer());
    look(watch, 0);

    assertThat(watch.repositories(cluster("c-1"), 0)).contains(ONE);
    assertThat(questions).hasValue(1);
    look(watch, 1);
    assertThat(questions).hasValue(2);
  }

  @Test
  void aQuestionThatFailsKeepsWhatWasKnown() throws Exception {
    var watch =
        new RepositoryWatch(
            "c-1",
            NEVER_OLD,
            _ -> {
              var answer = answer();
              if (questions.get() > 1) {
                throw new IllegalStateException("unreachable");
              }
              return answer;
            });
    look(watch, 0);
    look(watch, 1);

    assertThat(watch.repositories(cluster("c-1"), 1)).contains(ONE);
    assertThat(questions).hasValue(2);
  }

  @Test
  void aStandbyNeitherAsksNorTells() throws Exception {
    var watch = new RepositoryWatch("c-2", NEVER_OLD, _ -> answer());
    look(watch, 0);

    assertThat(watch.repositories(cluster("c-1"), 0)).isEmpty();
    assertThat(questions).hasValue(0);
  }

  private List<RepositorySummary> answer() {
    questions.incrementAndGet();
    return ONE;
  }

  private static void look(RepositoryWatch watch, long changes) throws InterruptedException {
    var _ = watch.repositories(cluster("c-1"), changes);
    Thread.sleep(200);
  }

  private static Cluster cluster(String primary) {
    return Cluster.parse(
        "{\"metadata\": {\"name\": \"c\"}, \"status\": {\"currentPrimary\": \"%s\"}}"
            .formatted(primary)
            .getBytes(StandardCharsets.UTF_8));
  }
}
