package com.dalibo.pgbackrest.sidecar.standby;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerIdentityTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void whatOneInstanceShowsIsOfTheAuthorityThatAnotherMadeForItself(String algorithm)
      throws Exception {
    var key = key(algorithm);
    var address = InetAddress.ofLiteral("10.244.0.7");
    var one = PeerIdentity.issue(key, "c", List.of(address), NOW);
    var other = PeerIdentity.issue(key, "c", List.of(), NOW.plus(Duration.ofDays(5)));

    var shown = parse(one.certificate());
    validate(shown, parse(other.authority()));

    assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=c");
    assertThat(shown.getSubjectAlternativeNames()).containsExactly(List.of(7, "10.244.0.7"));
    assertThat(shown.getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(shown.getBasicConstraints()).isEqualTo(-1);
    assertThat(shown.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofHours(1)));
    assertThat(shown.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(30)));
    assertThat(one.renewedFrom()).isEqualTo(NOW.plus(Duration.ofDays(10)));
    assertThat(one.key().text()).isNotEqualTo(other.key().text());
  }

  @Test
  void aClusterWithAnotherKeyIsNotBelieved() throws Exception {
    var ours = PeerIdentity.issue(key("EC"), "c", List.of(), NOW);
    var theirs = PeerIdentity.issue(key("EC"), "c", List.of(), NOW);

    assertThatThrownBy(() -> validate(parse(theirs.certificate()), parse(ours.authority())))
        .hasMessageContaining("signature check failed");
  }

  @Test
  void anAddressOfSixteenBytesIsOneToo() throws Exception {
    var identity =
        PeerIdentity.issue(key("EC"), "c", List.of(InetAddress.ofLiteral("fd00::5")), NOW);

    assertThat(parse(identity.certificate()).getSubjectAlternativeNames())
        .containsExactly(List.of(7, "fd00:0:0:0:0:0:0:5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void theFormInWhichCnpgWritesKeysIsRead(String algorithm) throws Exception {
    var pair = pair(algorithm);
    // What is inside PKCS #8 is the older form, and what CNPG writes.
    var older = olderForm(pair);
    var key =
        ReplicationKey.of(new Pem(algorithm + " PRIVATE KEY", older).text(), pair.getPublic());

    assertThat(key.secret()).isEqualTo(pair.getPrivate());
    assertThat(key).hasToString("ReplicationKey[%s]".formatted(algorithm));
  }

  @Test
  void aKeyThatIsNotThereIsNamedWithWhereItComesFrom() {
    assertThatThrownBy(() -> ReplicationKey.read(directory))
        .isInstanceOf(PreconditionException.class)
        .hasMessageContaining(
            "the replication user's key '%s' cannot be read (NoSuchFileException"
                .formatted(directory.resolve("streaming_replica.key")))
        .hasMessageEndingWith(
            "CNPG's instance manager writes it when it starts, from the Secret that"
                + " status.certificates.replicationTLSSecret of the Cluster names");
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() throws Exception {
    var key = key("EC");
    Files.writeString(
        directory.resolve("streaming_replica.crt"),
        PeerIdentity.issue(key, "c", List.of(), NOW).authority().text());
    Files.writeString(
        directory.resolve("streaming_replica.key"),
        new Pem("PRIVATE KEY", pair("EC").getPrivate().getEncoded()).text());

    assertThatThrownBy(() -> ReplicationKey.read(directory))
        .hasMessageContaining("does not belong to 'streaming_replica.crt' beside it");
  }

  private static void validate(X509Certificate shown, X509Certificate authority) throws Exception {
    var parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(java.util.Date.from(NOW));
    var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(shown));
    var _ = CertPathValidator.getInstance("PKIX").validate(path, parameters);
  }

  private static X509Certificate parse(Pem pem) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.text().getBytes(US_ASCII)));
  }

  private static ReplicationKey key(String algorithm) throws Exception {
    var pair = pair(algorithm);
    return new ReplicationKey(pair.getPrivate(), pair.getPublic());
  }

  private static KeyPair pair(String algorithm) throws Exception {
    var generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("EC")) {
      generator.initialize(256);
    }
    return generator.generateKeyPair();
  }

  private static byte[] olderForm(KeyPair pair) {
    var whole = pair.getPrivate().getEncoded();
    var algorithm = Der.firstOf(pair.getPublic().getEncoded());
    var before = Der.sequence(Der.integer(BigInteger.ZERO), algorithm);
    // The octets that hold the key begin after the version and the algorithm.
    var octets = whole.length - innerLength(whole, before);
    return java.util.Arrays.copyOfRange(whole, octets, whole.length);
  }

  private static int innerLength(byte[] whole, byte[] before) {
    var headerOfWhole = whole[1] < 0 ? 2 + (whole[1] & 0x7f) : 2;
    var octets = headerOfWhole + before.length - 2;
    var headerOfOctets = whole[octets + 1] < 0 ? 2 + (whole[octets + 1] & 0x7f) : 2;
    return whole.length - octets - headerOfOctets;
  }
}
