package com.dalibo.pgbackrest.operator.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.SpecReason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
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
                        new Problem(SpecReason.NO_REPOSITORY, "one"),
                        new Problem(SpecReason.NAME_INVALID, "two")))
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

    assertThat(told(owned()))
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
                "cluster 'c', which archived here, is gone, and Cluster 'next' has not archived "
                    + "here yet: its event OwnershipRefused, if it has one, gives the remedy"));
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

  @Test
  void aStatusWithATimeThatIsNoneIsJudgedByTheRest() throws Exception {
    assertThat(conditions(_ -> List.of()).wanted(seen("yesterday"), NOW))
        .extracting(StanzaCondition::type)
        .containsExactly("Valid");
  }

  @Test
  void aSidecarThatGivesNoSignOfLifeIsReportedOnStanzaAndCluster() throws Exception {
    inventory.completeWhen(() -> true);
    var archiving = OURS.formatted("\"isWALArchiver\": true", "stanzaRef", "a");
    cluster(archiving, HEALTHY);
    assertThat(reasons(seen("2026-10-31T23:15:00Z"))).isEmpty();
    assertThat(reasons(owned())).isEmpty();

    var overdue = seen("2026-10-31T23:14:59Z");
    assertThat(told(overdue))
        .containsExactly(
            tuple("Archiving", "Unknown", "StatusOverdue", OVERDUE),
            tuple("Ready", "Unknown", "StatusOverdue", OVERDUE));

    cluster(archiving, "");
    assertThat(reasons(overdue)).isEmpty();
    cluster(archiving, HEALTHY.replace("{\"phase\"", "{\"phase\": \"x\", \"other\""));
    assertThat(reasons(overdue)).isEmpty();
  }

  private static final String HEALTHY =
      ", \"status\": {\"phase\": \"Cluster in healthy state\", \"currentPrimary\": \"c-1\"}";

  private static final String OVERDUE =
      "the sidecar of pod 'c-1' has not written the status of stanza 'a' since 2026-10-31T23:14:59Z, "
          + "so it is unknown whether WAL is archived. Check the log of its container 'pgbackrest-plugin', and delete the pod if it does not"
          + " answer: kubectl delete pod --namespace default c-1";

  private static Stanza seen(String time) throws Exception {
    return Stanza.parse(
        """
        {"metadata": {"name": "a", "namespace": "default", "generation": 3, "resourceVersion": "7"},
         "spec": {"stanzaConfiguration": {"name": "main"}},
         "status": {"owner": {"cluster": "c", "uid": "u"}, "observedTime": "%s"}}
        """
            .formatted(time));
  }

  private static final String OURS =
      """
      {"name": "pgbackrest.dalibo.com", %s, "parameters": {"%s": "%s"}}
      """;

  private static final String GONE =
      "cluster 'c', which archived here, is gone, so nothing is archived. The backups here can be "
          + "restored to a new Cluster";

  private List<String> reasons(Stanza stanza) {
    return besideValid(stanza)
        .map(condition -> condition.type() + " " + condition.reason())
        .toList();
  }

  private List<Tuple> told(Stanza stanza) {
    return besideValid(stanza)
        .map(
            condition ->
                tuple(
                    condition.type(), condition.status(), condition.reason(), condition.message()))
        .toList();
  }

  private Stream<StanzaCondition> besideValid(Stanza stanza) {
    return conditions(_ -> List.of()).wanted(stanza, NOW).stream()
        .filter(condition -> !condition.type().equals("Valid"));
  }

  private void cluster(String plugin) {
    cluster(plugin, "");
  }

  private void cluster(String plugin, String status) {
    inventory.putCluster(
        new ObjectKey("default", "c"),
        Cluster.parse(
            """
            {"metadata": {"name": "c", "namespace": "default", "uid": "u"}, "spec": {"plugins": [%s]}%s}
            """
                .formatted(plugin, status)
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
    var clock = new TestClock(Instant.parse(NOW));
    return new OperatorConditions(
        client,
        clock,
        inventory,
        stanza -> Optional.of(validation.problems(stanza)),
        new ClusterEvents(client, clock, Runnable::run),
        works -> works.forEach(Runnable::run));
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
