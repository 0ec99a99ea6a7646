package com.dalibo.pgbackrest.sidecar.standby;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;

/// The key by which the standbys of a Cluster prove to its primary that they may stream all of it.
/// CNPG gives it to every instance of the Cluster, and to nobody else, and renews what belongs to
/// it: having it is what makes an instance one of this Cluster to the others.
public record ReplicationKey(PrivateKey secret, PublicKey known) {
  private static final String CERTIFICATE = "streaming_replica.crt";
  private static final String KEY = "streaming_replica.key";
  private static final byte[] PROBE = "the two halves of a key".getBytes(UTF_8);

  /// From the directory where CNPG's instance manager keeps it for PostgreSQL.
  ///
  /// @throws PreconditionException when it is not there, or is being replaced at this moment
  public static ReplicationKey read(Path directory) throws PreconditionException {
    var file = directory.resolve(KEY);
    try {
      var certificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(Files.readAllBytes(directory.resolve(CERTIFICATE))));
      var key = of(Files.readString(file), certificate.getPublicKey());
      if (!key.isWhole()) {
        throw new PreconditionException(
            ("'%s' does not belong to '%s' beside it; CNPG's instance manager is replacing them, "
                    + "or those in the Secret of the replication user do not match")
                .formatted(file, CERTIFICATE));
      }
      return key;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException trouble) {
      throw new PreconditionException(
          ("the replication user's key '%s' cannot be read (%s: %s); CNPG's instance manager writes"
                  + " it when it starts, from the Secret that status.certificates.replicationTLSSecret"
                  + " of the Cluster names")
              .formatted(file, trouble.getClass().getSimpleName(), trouble.getMessage()),
          trouble);
    }
  }

  static ReplicationKey of(String pem, PublicKey known) throws GeneralSecurityException {
    var block =
        Pem.find(pem, "PRIVATE KEY")
            .orElseThrow(() -> new IllegalArgumentException("there is no private key in it"));
    // Other than PKCS #8, the older forms do not say which algorithm they are for.
    var der =
        block.label().equals("PRIVATE KEY")
            ? block.der()
            : Der.sequence(
                Der.integer(BigInteger.ZERO),
                Der.firstOf(known.getEncoded()),
                Der.octets(block.der()));
    var secret =
        KeyFactory.getInstance(known.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(der));
    return new ReplicationKey(secret, known);
  }

  byte[] sign(byte[] content) throws GeneralSecurityException {
    var signature = Signature.getInstance(signatureAlgorithm());
    signature.initSign(secret);
    signature.update(content);
    return signature.sign();
  }

  /// How [#sign] signs, as a certificate says it.
  byte[] algorithm() {
    return switch (known.getAlgorithm()) {
      case "EC" -> Der.sequence(Der.identifier("1.2.840.10045.4.3.2"));
      case "RSA" -> Der.sequence(Der.identifier("1.2.840.113549.1.1.11"), Der.empty());
      default -> Der.sequence(Der.identifier("1.3.101.112"));
    };
  }

  private String signatureAlgorithm() {
    return switch (known.getAlgorithm()) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> "Ed25519";
    };
  }

  private boolean isWhole() throws GeneralSecurityException {
    var signed = sign(PROBE);
    var signature = Signature.getInstance(signatureAlgorithm());
    signature.initVerify(known);
    signature.update(PROBE);
    return signature.verify(signed);
  }

  /// Without the secret half.
  @Override
  public String toString() {
    return "ReplicationKey[" + known.getAlgorithm() + "]";
  }
}
