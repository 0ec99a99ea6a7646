package com.dalibo.pgbackrest.operator.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Makes certificates that sign themselves: the CNPG operator trusts exactly the certificate it
/// finds in the Secret.
final class SelfSignedCertificate {

  static final Duration LIFE = Duration.ofDays(365);

  /// For clocks that are not quite together.
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private static final SecureRandom RANDOM = new SecureRandom();

  /// Which end of a connection a certificate is for.
  enum Purpose {
    SERVER,
    CLIENT;

    private KeyPurposeId usage() {
      return switch (this) {
        case SERVER -> KeyPurposeId.id_kp_serverAuth;
        case CLIENT -> KeyPurposeId.id_kp_clientAuth;
      };
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private SelfSignedCertificate() {}

  static TlsIdentity certificate(Purpose purpose, List<String> names, Instant now) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      var keys = generator.generateKeyPair();
      var subject = new X500Principal("CN=" + names.getFirst());
      var builder =
          new JcaX509v3CertificateBuilder(
                  subject,
                  new BigInteger(127, RANDOM).add(BigInteger.ONE),
                  Date.from(now.minus(BACKDATED)),
                  Date.from(now.plus(LIFE)),
                  subject,
                  keys.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(
                  Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose.usage()))
              .addExtension(Extension.subjectAlternativeName, false, alternatives(names));
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      var certificate = new JcaX509CertificateConverter().getCertificate(builder.build(signer));
      return new TlsIdentity(keys.getPrivate(), List.of(certificate));
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException(
          "the certificate for '" + names.getFirst() + "' was not made", e);
    }
  }

  private static GeneralNames alternatives(List<String> names) {
    return new GeneralNames(
        names.stream()
            .map(name -> new GeneralName(GeneralName.dNSName, name))
            .toArray(GeneralName[]::new));
  }
}
