package com.dalibo.pgbackrest.operator.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class OperatorConditionsTest {

  KubernetesClient client;

  private final Inventory inventory = new Inventory();

  private static final String NOW = "2026-11-01T00:00:00Z";

  @Test
  void aStanzaWithoutProblemsIsValid() throws Exception {
    var condition = conditions(_ -> List.of()).wanted(stanza("[]"), NOW).getFirst();

    assertThat(condition.status()).isEqualTo("True");
    assertThat(condition.message()).isEqualTo("the stanza can be used");
    assertThat(condition.lastTransitionTime()).isEqualTo(NOW);
    assertThat(condition.observedGeneration()).isEqualTo(3);
  }

  @Test
  void theProblemsAreToldTogether() throws Exception {
    var condition =
        conditions(
                _ ->
                    List.of(
                        new Problem(Reason.NO_REPOSITORY, "one"),
                        new Problem(Reason.NAME_INVALID, "two")))
            .wanted(stanza("[]"), NOW)
            .getFirst();

    assertThat(condition.status()).isEqualTo("False");
    assertThat(condition.reason()).isEqualTo("NoRepository");
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

  @Test
  void aClusterThatIsGoneArchivesNothing() throws Exception {
    assertThat(reasons(owned())).isEmpty();

    inventory.completeWhen(() -> true);

    assertThat(conditions(_ -> List.of()).wanted(owned(), NOW))
        .filteredOn(condition -> !condition.type().equals("Valid"))
        .extracting(
            StanzaCondition::type,
            StanzaCondition::status,
            StanzaCondition::reason,
            StanzaCondition::message)
        .containsExactly(
            tuple("Archiving", "False", "ClusterGone", GONE),
            tuple("Ready", "False", "ClusterGone", GONE));
  }

  @Test
  void aClusterMadeAnewIsNamedAsTheOneThatComesNext() throws Exception {
    inventory.completeWhen(() -> true);
    inventory.putCluster(
        new ObjectKey("default", "next"),
        Cluster.parse(
            """
            {"metadata": {"name": "next", "namespace": "default", "uid": "v"}, "spec": {"plugins": [%s]}}
            """
                .formatted(OURS.formatted("\"isWALArchiver\": true", "stanzaRef", "a"))
                .getBytes(StandardCharsets.UTF_8)));

    assertThat(conditions(_ -> List.of()).wanted(owned(), NOW))
        .filteredOn(condition -> condition.type().equals("Archiving"))
        .extracting(StanzaCondition::reason, StanzaCondition::message)
        .containsExactly(
            tuple(
                "OwnerReplaced",
                "cluster 'c', which archived here, is gone, and Cluster 'next' has not archived here"
                    + " yet: its event OwnershipRefused, if it has one, says what to do"));
  }

  @Test
  void aClusterThatHasTurnedAwayArchivesNothing() throws Exception {
    inventory.completeWhen(() -> true);
    for (var elsewhere :
        List.of(
            "",
            OURS.formatted("\"enabled\": false, \"isWALArchiver\": true", "stanzaRef", "a"),
            OURS.formatted("\"isWALArchiver\": false", "stanzaRef", "a"),
            OURS.formatted("\"isWALArchiver\": true", "stanzaRef", "b"))) {
      cluster(elsewhere);
      assertThat(reasons(owned()))
          .containsExactly("Archiving PluginDisabled", "Ready PluginDisabled");
    }
  }

  @Test
  void anOwnerThatArchivesSpeaksForItself() throws Exception {
    inventory.completeWhen(() -> true);
    cluster(OURS.formatted("\"isWALArchiver\": true", "stanzaRef", "a"));
    assertThat(reasons(owned())).isEmpty();

    // As far as can be read.
    cluster(OURS.formatted("\"isWALArchiver\": true", "stanzaReff", "a"));
    assertThat(reasons(owned())).isEmpty();
  }

  private static final String OURS =
      """
      {"name": "pgbackrest.dalibo.com", %s, "parameters": {"%s": "%s"}}
      """;

  private static final String GONE =
      "cluster 'c', which archived here, is gone: nothing is archived any more. What is here can be"
          + " restored to a new Cluster";

  private List<String> reasons(Stanza stanza) {
    return conditions(_ -> List.of()).wanted(stanza, NOW).stream()
        .filter(condition -> !condition.type().equals("Valid"))
        .map(condition -> condition.type() + " " + condition.reason())
        .toList();
  }

  private void cluster(String plugin) {
    inventory.putCluster(
        new ObjectKey("default", "c"),
        Cluster.parse(
            """
            {"metadata": {"name": "c", "namespace": "default", "uid": "u"}, "spec": {"plugins": [%s]}}
            """
                .formatted(plugin)
                .getBytes(StandardCharsets.UTF_8)));
  }

  private static Stanza owned() throws Exception {
    return Stanza.parse(
        """
        {"metadata": {"name": "a", "namespace": "default", "generation": 3, "resourceVersion": "7"},
         "spec": {"stanzaConfiguration": {"name": "main"}},
         "status": {"owner": {"cluster": "c", "uid": "u"}, "conditions": [
           {"type": "Archiving", "status": "True", "reason": "Archiving", "message": "WAL is archived"}]}}
        """);
  }

  private OperatorConditions conditions(Validation validation) {
    return new OperatorConditions(client, new TestClock(Instant.parse(NOW)), inventory, validation);
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
