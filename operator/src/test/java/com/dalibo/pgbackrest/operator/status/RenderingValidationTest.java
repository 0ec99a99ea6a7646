package com.dalibo.pgbackrest.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.SpecReason;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnableKubernetesMockClient(crud = true)
class RenderingValidationTest {

  KubernetesClient client;
  KubernetesMockServer server;

  private final TestClock clock = new TestClock(Instant.parse("2026-11-25T00:00:00Z"));

  @Test
  void aSecretThatIsMissingIsSaidUntilItComes() throws Exception {
    var validation = validation();

    assertThat(problems(validation, stanza()))
        .extracting(Problem::reason)
        .containsExactly(SpecReason.SECRET_MISSING, SpecReason.SECRET_MISSING);
    assertThat(problems(validation, stanza()).getFirst().message())
        .isEqualTo(
            "secret 's3-keys' does not exist in namespace 'default'; the Stanza 'main' refers to it in"
                + " s3Repositories[0].secretRef.accessKeyId; create it or correct the reference");

    secret(Map.of("id", "one", "secret", "two"));
    clock.advance(Duration.ofSeconds(5));
    assertThat(problems(validation, stanza())).isEmpty();
  }

  @Test
  void aKeyThatIsMissingIsSaid() throws Exception {
    secret(Map.of("id", "one", "secretKey", "two"));

    assertThat(problems(validation(), stanza()))
        .extracting(Problem::message)
        .containsExactly(
            "secret 's3-keys' has no key 'secret'; the Stanza 'main' refers to it in"
                + " s3Repositories[0].secretRef.secretAccessKey; add the key or correct the reference");
  }

  @Test
  void aGoodStanzaIsLookedAtAgainAfterSomeHours() throws Exception {
    var validation = aGoodOneWhoseSecretIsDeleted();

    clock.advance(Duration.ofHours(1));
    assertThat(problems(validation, stanza())).isEmpty();
    clock.advance(Duration.ofHours(2));
    assertThat(problems(validation, stanza())).hasSize(2);
  }

  @Test
  void aGoodStanzaWhoseSidecarFailsIsLookedAtAgainAfterAMinute() throws Exception {
    var validation = aGoodOneWhoseSecretIsDeleted();
    var failing = stanza("Archiving", "False", "ArchivingFails");
    assertThat(problems(validation, failing)).isEmpty();

    clock.advance(Duration.ofMinutes(1));
    assertThat(problems(validation, stanza("Archiving", "False", "ClusterGone"))).isEmpty();
    assertThat(problems(validation, stanza("Valid", "False", "SecretMissing"))).isEmpty();
    assertThat(problems(validation, failing)).hasSize(2);
  }

  @Test
  void manyStanzasThatAreNotGoodTakeNoMoreRequests() throws Exception {
    var validation = validation();
    var once = requestsIn(1, validation, 1, "True");

    assertThat(requestsIn(6, validation, 60, "True") / once).isBetween(2 * 60, 3 * 60);
  }

  /// Of which the store is away.
  @Test
  void manyStanzasWhoseSidecarsFailTakeNoMoreRequests() throws Exception {
    secret(Map.of("id", "one", "secret", "two"));
    var validation = validation();
    var once = requestsIn(1, validation, 1, "False");
    var _ = requestsIn(1, validation, 60, "False");

    assertThat(requestsIn(6, validation, 60, "False") / once).isBetween(2 * 60, 3 * 60);
  }

  private int requestsIn(int minutes, RenderingValidation validation, int stanzas, String archiving)
      throws Exception {
    var before = server.getRequestCount();
    for (var minute = 0; minute < minutes; minute++) {
      clock.advance(Duration.ofMinutes(1));
      for (var n = 0; n < stanzas; n++) {
        var _ = problems(validation, stanza("main-" + n, "Archiving", archiving, "Any"));
      }
    }
    return server.getRequestCount() - before;
  }

  @Test
  void aStanzaThatIsNoMoreIsForgotten() throws Exception {
    var validation = aGoodOneWhoseSecretIsDeleted();

    validation.keepOnly(Set.of());

    assertThat(problems(validation, stanza())).hasSize(2);
  }

  /// As where the API server is away, or a permission is missing: it may be good or not.
  @ParameterizedTest
  @ValueSource(ints = {403, 400})
  void aStanzaWhoseSecretsCannotBeReadIsNotJudged(int status) throws Exception {
    var validation = validation();
    server
        .expect()
        .get()
        .withPath("/api/v1/namespaces/default/secrets/s3-keys")
        .andReturn(status, "")
        .always();

    assertThat(validation.problems(stanza())).isEmpty();
  }

  private static List<Problem> problems(RenderingValidation validation, Stanza stanza) {
    return validation.problems(stanza).orElseThrow();
  }

  private RenderingValidation aGoodOneWhoseSecretIsDeleted() throws Exception {
    var validation = validation();
    secret(Map.of("id", "one", "secret", "two"));
    assertThat(problems(validation, stanza())).isEmpty();
    client.secrets().inNamespace("default").withName("s3-keys").delete();
    return validation;
  }

  private RenderingValidation validation() {
    return new RenderingValidation(new ReferredObjectReader(client), clock);
  }

  private void secret(Map<String, String> data) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("s3-keys")
                .endMetadata()
                .withData(
                    data.entrySet().stream()
                        .collect(
                            java.util.stream.Collectors.toMap(
                                Map.Entry::getKey,
                                entry ->
                                    java.util.Base64.getEncoder()
                                        .encodeToString(
                                            entry
                                                .getValue()
                                                .getBytes(
                                                    java.nio.charset.StandardCharsets.UTF_8)))))
                .build())
        .create();
  }

  private static Stanza stanza() throws Exception {
    return stanza("Archiving", "True", "Archiving");
  }

  private static Stanza stanza(String type, String status, String reason) throws Exception {
    return stanza("main", type, status, reason);
  }

  private static Stanza stanza(String name, String type, String status, String reason)
      throws Exception {
    return Stanza.parse(
        """
        {"metadata": {"name": "%s", "namespace": "default"},
         "spec": {"stanzaConfiguration": {"name": "main", "s3Repositories": [
           {"bucket": "one", "endpoint": "localhost", "region": "r", "repoPath": "/demo",
            "secretRef": {"accessKeyId": {"name": "s3-keys", "key": "id"},
                          "secretAccessKey": {"name": "s3-keys", "key": "secret"}}}]}},
         "status": {"conditions": [
           {"type": "%s", "status": "%s", "reason": "%s", "message": "as it is"}]}}
        """
            .formatted(name, type, status, reason));
  }
}
