package com.dalibo.pgbackrest.sidecar.standby;

import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// By which instances of one Cluster know each other: a key that never leaves this pod, its
/// certificate, and the authority that all certificates of the Cluster are of. Each instance makes
/// all three for itself; they fit together because they are signed with the same [ReplicationKey].
///
/// @param renewedFrom when it is to be replaced, long before it ends
public record PeerIdentity(Pem authority, Pem certificate, Pem key, Instant renewedFrom) {
  private static final Duration LIFE = Duration.ofDays(30);
  private static final Duration RENEWED_AFTER = LIFE.dividedBy(3);

  /// For clocks that are not quite together.
  private static final Duration BACKDATED = Duration.ofHours(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  private static final byte[] AUTHORITY =
      extensions(
          extension("2.5.29.19", true, Der.sequence(Der.bool(true))),
          extension("2.5.29.15", true, Der.bits(2, (byte) 0x04)));

  /// Issues a certificate for this instance.
  ///
  /// @param cluster the name that the certificate is for, as client
  /// @param addresses those that the certificate is for, as server
  public static PeerIdentity issue(
      ReplicationKey signer, String cluster, List<InetAddress> addresses, Instant now)
      throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    var own = generator.generateKeyPair();
    var issuer = name("pgbackrest of " + cluster);
    var authority = signed(signer, issuer, issuer, signer.known(), AUTHORITY, now);
    var certificate =
        signed(signer, issuer, name(cluster), own.getPublic(), member(addresses), now);
    return new PeerIdentity(
        new Pem("CERTIFICATE", authority),
        new Pem("CERTIFICATE", certificate),
        new Pem("PRIVATE KEY", own.getPrivate().getEncoded()),
        now.plus(RENEWED_AFTER));
  }

  private static byte[] signed(
      ReplicationKey signer,
      byte[] issuer,
      byte[] subject,
      PublicKey key,
      byte[] extensions,
      Instant now)
      throws GeneralSecurityException {
    var content =
        Der.sequence(
            Der.explicit(0, Der.integer(BigInteger.TWO)),
            Der.integer(new BigInteger(127, RANDOM).add(BigInteger.ONE)),
            signer.algorithm(),
            issuer,
            Der.sequence(Der.time(now.minus(BACKDATED)), Der.time(now.plus(LIFE))),
            subject,
            key.getEncoded(),
            Der.explicit(3, extensions));
    return Der.sequence(content, signer.algorithm(), Der.bits(0, signer.sign(content)));
  }

  private static byte[] member(List<InetAddress> addresses) {
    var names =
        addresses.stream()
            .map(address -> Der.implicit(7, address.getAddress()))
            .toArray(byte[][]::new);
    return extensions(
        extension("2.5.29.19", true, Der.sequence()),
        extension("2.5.29.15", true, Der.bits(7, (byte) 0x80)),
        extension(
            "2.5.29.37",
            false,
            Der.sequence(Der.identifier("1.3.6.1.5.5.7.3.1"), Der.identifier("1.3.6.1.5.5.7.3.2"))),
        extension("2.5.29.17", false, Der.sequence(names)));
  }

  private static byte[] name(String commonName) {
    return Der.sequence(Der.set(Der.sequence(Der.identifier("2.5.4.3"), Der.text(commonName))));
  }

  private static byte[] extensions(byte[]... extensions) {
    return Der.sequence(extensions);
  }

  private static byte[] extension(String identifier, boolean critical, byte[] value) {
    return critical
        ? Der.sequence(Der.identifier(identifier), Der.bool(true), Der.octets(value))
        : Der.sequence(Der.identifier(identifier), Der.octets(value));
  }
}
