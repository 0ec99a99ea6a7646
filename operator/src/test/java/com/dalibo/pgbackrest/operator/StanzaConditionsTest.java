package com.dalibo.pgbackrest.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.Problem;
import com.dalibo.pgbackrest.stanza.Stanza;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class StanzaConditionsTest {

  KubernetesClient client;

  private static final String NOW = "2026-11-01T00:00:00Z";

  @Test
  void aStanzaWithoutProblemsIsValid() throws Exception {
    var condition = conditions(_ -> List.of()).wanted(stanza("[]"), NOW).orElseThrow();

    assertThat(condition.status()).isEqualTo("True");
    assertThat(condition.message()).isEqualTo("the stanza can be used");
    assertThat(condition.lastTransitionTime()).isEqualTo(NOW);
    assertThat(condition.observedGeneration()).isEqualTo(3);
  }

  @Test
  void theProblemsAreToldTogether() throws Exception {
    var condition =
        conditions(_ -> List.of(new Problem("A", "one"), new Problem("B", "two")))
            .wanted(stanza("[]"), NOW)
            .orElseThrow();

    assertThat(condition.status()).isEqualTo("False");
    assertThat(condition.reason()).isEqualTo("A");
    assertThat(condition.message()).isEqualTo("one; two");
  }

  @Test
  void whatIsThereAlreadyIsNotWrittenAgain() throws Exception {
    var stanza =
        stanza(
            """
            [{"type": "Valid", "status": "True", "observedGeneration": 3, "reason": "Valid",
              "lastTransitionTime": "2026-10-01T00:00:00Z", "message": "the stanza can be used"}]
            """);

    var condition = conditions(_ -> List.of()).wanted(stanza, NOW);

    assertThat(condition).isEmpty();
  }

  private StanzaConditions conditions(Validation validation) {
    return new StanzaConditions(
        client, new TestClock(Instant.parse(NOW)), new Inventory(), validation);
  }

  private static Stanza stanza(String conditions) throws Exception {
    return Stanza.parse(
        """
        {"metadata": {"name": "a", "namespace": "default", "generation": 3, "resourceVersion": "7"},
         "spec": {"stanzaConfiguration": {"name": "main"}},
         "status": {"conditions": %s}}
        """
            .formatted(conditions));
  }
}
