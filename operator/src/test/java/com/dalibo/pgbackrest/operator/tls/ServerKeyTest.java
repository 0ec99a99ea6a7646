package com.dalibo.pgbackrest.operator.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.operator.tls.SelfSignedCertificate.Purpose;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerKeyTest {

  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

  private final TestClock clock = new TestClock(START);
  private final ServerKey key = new ServerKey(clock);
  private final TlsIdentity old =
      SelfSignedCertificate.certificate(Purpose.SERVER, List.of("a"), START);
  private final TlsIdentity fresh =
      SelfSignedCertificate.certificate(Purpose.SERVER, List.of("a"), START);

  @Test
  void withoutASecretThereIsNothingToServeWith() {
    assertThat(key.isPresent()).isFalse();
    assertThat(key.chooseEngineServerAlias("EC", null, null)).isNull();
  }

  @Test
  void theFirstCertificateIsServedAtOnce() {
    key.present(old);

    assertThat(key.getCertificateChain("server")).containsExactly(old.leaf());
    assertThat(key.getPrivateKey("server")).isEqualTo(old.key());
  }

  @Test
  void aRenewedCertificateWaitsUntilItsReadersTrustIt() {
    key.present(old);
    var both = new ArrayList<>(fresh.certificates());
    both.addAll(old.certificates());
    key.present(new TlsIdentity(fresh.key(), both));

    var atOnce = key.current();
    clock.advance(ServerKey.GRACE);
    var later = key.current();

    assertThat(atOnce).isEqualTo(old);
    assertThat(later.leaf()).isEqualTo(fresh.leaf());
    assertThat(later.chain()).containsExactly(fresh.leaf());
  }

  @Test
  void aCertificateThatReplacesTheOtherInItsSecretIsServedAtOnce() {
    key.present(old);
    key.present(fresh);

    assertThat(key.current()).isEqualTo(fresh);
  }
}
