package com.dalibo.pgbackrest.operator.tls;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.operator.tls.SelfSignedCertificate.Purpose;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientTrustTest {

  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

  private final TestClock clock = new TestClock(START);
  private final ClientTrust trust = new ClientTrust(clock);
  private final X509Certificate mine = certificate(Purpose.CLIENT);
  private final X509Certificate other = certificate(Purpose.CLIENT);

  @Test
  void theCertificateOfTheSecretIsTrusted() {
    trust.trust(List.of(mine));

    assertThatCode(() -> trust.check(chain(mine))).doesNotThrowAnyException();
  }

  @Test
  void anotherCertificateWithTheSameNameIsNot() {
    trust.trust(List.of(mine));

    assertThatThrownBy(() -> trust.check(chain(other)))
        .hasMessage("the client's certificate 'CN=client' is not the one in the client's Secret");
  }

  @Test
  void noOneIsTrustedBeforeTheSecretIsRead() {
    assertThatThrownBy(() -> trust.check(chain(mine))).hasMessage("no client is trusted yet");
  }

  @Test
  void aCertificateForServersIsNotAClients() {
    var server = certificate(Purpose.SERVER);
    trust.trust(List.of(server));

    assertThatThrownBy(() -> trust.check(chain(server)))
        .hasMessage("the client's certificate 'CN=client' is not for clients");
  }

  @Test
  void anExpiredCertificateIsNotTrusted() {
    trust.trust(List.of(mine));
    clock.advance(SelfSignedCertificate.LIFE.plus(Duration.ofDays(1)));

    assertThatThrownBy(() -> trust.check(chain(mine))).hasMessageContaining("NotAfter");
  }

  @Test
  void theCertificateBeforeAChangeIsTrustedForAMinuteMore() {
    trust.trust(List.of(other));
    trust.trust(List.of(mine));

    assertThatCode(() -> trust.check(chain(mine))).doesNotThrowAnyException();
    assertThatCode(() -> trust.check(chain(other))).doesNotThrowAnyException();
    clock.advance(ClientTrust.GRACE);
    assertThatThrownBy(() -> trust.check(chain(other))).hasMessageContaining("is not the one");
  }

  @Test
  void whoSendsNoCertificateIsNotTrusted() {
    assertThatThrownBy(() -> trust.check(new X509Certificate[0]))
        .hasMessage("the client sent no certificate");
  }

  private static X509Certificate certificate(Purpose purpose) {
    return SelfSignedCertificate.certificate(purpose, List.of("client"), START).leaf();
  }

  private static X509Certificate[] chain(X509Certificate certificate) {
    return new X509Certificate[] {certificate};
  }
}
