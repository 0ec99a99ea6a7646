package com.dalibo.pgbackrest.sidecar.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryTest {
  private static final Retry AT_ONCE = Retry.every(Duration.ZERO);

  private final List<Integer> reported = new ArrayList<>();

  @Test
  void theFirstSuccessIsTheResultAndEachFailureBeforeItIsReported() throws Exception {
    assertThat(failing(2, new IOException("away"))).isEqualTo(3);
    assertThat(reported).containsExactly(1, 2);
  }

  @Test
  void theLastFailureIsThrown() {
    assertThatThrownBy(() -> failing(9, new IOException("away"))).hasMessage("away");
    assertThat(reported).containsExactly(1, 2);
  }

  @Test
  void aFailureThatIsNotJudgedEndsIt() {
    assertThatThrownBy(() -> failing(1, new IllegalStateException("broken"))).hasMessage("broken");
    assertThat(reported).isEmpty();
  }

  private int failing(int times, Exception failure) throws Exception {
    var attempts = new int[1];
    return AT_ONCE.<Integer, Exception>call(
        Exception.class,
        (each, failed) -> each instanceof IOException && failed.number() < 3,
        (_, failed) -> reported.add(failed.number()),
        () -> {
          if (++attempts[0] <= times) {
            throw failure;
          }
          return attempts[0];
        });
  }
}
