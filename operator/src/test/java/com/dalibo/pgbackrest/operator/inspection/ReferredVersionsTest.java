package com.dalibo.pgbackrest.operator.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class ReferredVersionsTest {

  KubernetesClient client;
  KubernetesMockServer server;

  private final TestClock clock = new TestClock(Instant.EPOCH);
  private ReferredVersions versions;

  @BeforeEach
  void begin() {
    versions = new ReferredVersions(client, clock);
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("s3-keys")
                .endMetadata()
                .build())
        .create();
  }

  @Test
  void theSecretsOfAFewStanzasAreReadEachMinute() throws Exception {
    assertThat(requestsIn(10, 1)).isEqualTo(10);
  }

  @Test
  void theSecretsOfManyStanzasTakeNoMoreRequests() throws Exception {
    readAll(60);
    assertThat(requestsIn(6, 60)).isBetween(2 * 60, 3 * 60);
  }

  @Test
  void anotherReferenceIsReadAtOnce() throws Exception {
    var before = versions.of(stanza(0, "s3-keys"));

    assertThat(before).singleElement().asString().contains("/");
    assertThat(versions.of(stanza(0, "absent"))).containsExactly("none");
  }

  /// As the round of every few seconds, once a minute.
  private int requestsIn(int minutes, int stanzas) throws Exception {
    var before = server.getRequestCount();
    for (var minute = 0; minute < minutes; minute++) {
      clock.advance(Duration.ofMinutes(1));
      readAll(stanzas);
    }
    return server.getRequestCount() - before;
  }

  private void readAll(int stanzas) throws Exception {
    for (var n = 0; n < stanzas; n++) {
      var _ = versions.of(stanza(n, "s3-keys"));
    }
  }

  private static Stanza stanza(int n, String secret) throws Exception {
    return Stanza.parse(
        """
        {"metadata": {"name": "main-%1$d", "namespace": "default"},
         "spec": {"stanzaConfiguration": {"name": "main", "s3Repositories": [{"bucket": "b", "endpoint": "e",
           "region": "r", "repoPath": "/r", "secretRef": {"accessKeyId": {"name": "%2$s", "key": "id"},
           "secretAccessKey": {"name": "%2$s", "key": "secret"}}}]}}}
        """
            .formatted(n, secret));
  }
}
