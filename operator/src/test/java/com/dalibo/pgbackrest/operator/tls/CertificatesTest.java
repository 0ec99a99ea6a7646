package com.dalibo.pgbackrest.operator.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.operator.tls.SelfSignedCertificate.Purpose;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class CertificatesTest {

  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
  private static final PluginService SERVICE =
      PluginService.of("cnpg-system", "pgbackrest", Optional.empty());

  KubernetesClient client;

  private final TestClock clock = new TestClock(START);

  @Test
  void bothSecretsAreMadeWhereThereAreNone() {
    new Certificates(client, clock, SERVICE).maintain();

    var server = TlsSecret.identity(secret("pgbackrest-controller-server-tls"));
    var clientSide = secret("pgbackrest-controller-client-tls");
    assertThat(TlsSecret.dnsNames(server.leaf()))
        .containsExactly("pgbackrest", "pgbackrest.cnpg-system", "pgbackrest.cnpg-system.svc");
    assertThat(server.leaf().getNotAfter().toInstant())
        .isEqualTo(START.plus(SelfSignedCertificate.LIFE));
    assertThat(server.leaf().getPublicKey().getAlgorithm()).isEqualTo("EC");
    assertThat(clientSide.getType()).isEqualTo("kubernetes.io/tls");
    assertThat(clientSide.getMetadata().getLabels()).containsEntry(Certificates.LABEL, "client");
  }

  @Test
  void aYoungCertificateIsKept() {
    var certificates = new Certificates(client, clock, SERVICE);
    certificates.maintain();
    var before = secret("pgbackrest-controller-server-tls").getData();
    clock.advance(Duration.ofDays(240));

    certificates.maintain();

    assertThat(secret("pgbackrest-controller-server-tls").getData()).isEqualTo(before);
  }

  @Test
  void afterTwoThirdsOfItsLifeACertificateIsRenewedAndTheOldOneStaysBeside() {
    var certificates = new Certificates(client, clock, SERVICE);
    certificates.maintain();
    var old = TlsSecret.identity(secret("pgbackrest-controller-server-tls"));
    clock.advance(Duration.ofDays(245));

    certificates.maintain();

    var renewed = TlsSecret.identity(secret("pgbackrest-controller-server-tls"));
    assertThat(renewed.leaf()).isNotEqualTo(old.leaf());
    assertThat(renewed.certificates()).hasSize(2).endsWith(old.leaf());
    assertThat(TlsSecret.certificates(secret("pgbackrest-controller-client-tls"))).hasSize(1);
  }

  @Test
  void aSecretOfSomeoneElseIsLeftAlone() {
    var foreign =
        new io.fabric8.kubernetes.api.model.SecretBuilder()
            .withNewMetadata()
            .withName("pgbackrest-controller-server-tls")
            .withNamespace("cnpg-system")
            .endMetadata()
            .withData(Map.of("tls.crt", "eA=="))
            .build();
    client.resource(foreign).create();

    new Certificates(client, clock, SERVICE).maintain();

    assertThat(secret("pgbackrest-controller-server-tls").getData())
        .isEqualTo(Map.of("tls.crt", "eA=="));
  }

  @Test
  void aSecretOfOursThatCannotBeReadIsReplaced() {
    var broken =
        new io.fabric8.kubernetes.api.model.SecretBuilder()
            .withNewMetadata()
            .withName("x")
            .addToLabels(Certificates.LABEL, "server")
            .endMetadata()
            .build();

    var step = Certificates.next(Optional.of(broken), Purpose.SERVER, List.of("x"), START);

    assertThat(step)
        .isInstanceOfSatisfying(
            Certificates.Step.Write.class,
            write ->
                assertThat(write.reason())
                    .isEqualTo(
                        "replaced a certificate that could not be read: secret 'x' has no key"
                            + " 'tls.crt'; a Secret of the type kubernetes.io/tls is needed"));
  }

  @Test
  void aCertificateForOtherNamesIsReplaced() {
    var identity = SelfSignedCertificate.certificate(Purpose.SERVER, List.of("old"), START);
    var secret =
        new io.fabric8.kubernetes.api.model.SecretBuilder()
            .withNewMetadata()
            .withName("x")
            .addToLabels(Certificates.LABEL, "server")
            .endMetadata()
            .addToData("tls.crt", encoded(identity.certificatesPem()))
            .addToData("tls.key", encoded(identity.keyPem()))
            .build();

    var step = Certificates.next(Optional.of(secret), Purpose.SERVER, List.of("new"), START);

    assertThat(step).isInstanceOf(Certificates.Step.Write.class);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private Secret secret(String name) {
    return client.secrets().inNamespace("cnpg-system").withName(name).require();
  }
}
