package com.dalibo.pgbackrest.operator.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;

/// A private key with the certificates of the same Secret, the one that belongs to the key first.
record TlsIdentity(PrivateKey key, List<X509Certificate> certificates) {

  TlsIdentity {
    certificates = List.copyOf(certificates);
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("there is no certificate in 'tls.crt'");
    }
  }

  static TlsIdentity parse(byte[] certificates, byte[] key) {
    return new TlsIdentity(key(key), certificates(certificates));
  }

  static List<X509Certificate> certificates(byte[] pem) {
    try {
      var certificates = new ArrayList<X509Certificate>();
      for (var certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))) {
        certificates.add((X509Certificate) certificate);
      }
      return List.copyOf(certificates);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "the certificates cannot be read; 'tls.crt' must hold them as PEM", e);
    }
  }

  private static PrivateKey key(byte[] pem) {
    try (var parser = new PEMParser(new StringReader(new String(pem, StandardCharsets.UTF_8)))) {
      var converter = new JcaPEMKeyConverter();
      for (var part = parser.readObject(); part != null; part = parser.readObject()) {
        if (part instanceof PEMKeyPair pair) {
          return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
        if (part instanceof PrivateKeyInfo info) {
          return converter.getPrivateKey(info);
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the private key cannot be read; 'tls.key' must hold it as PEM", e);
    }
    throw new IllegalArgumentException("there is no private key in 'tls.key'");
  }

  X509Certificate leaf() {
    return certificates.getFirst();
  }

  /// What is sent in a handshake: the leaf and those that issued it. A bundle may hold others, for
  /// those who trust it.
  List<X509Certificate> chain() {
    var chain = new ArrayList<X509Certificate>();
    for (var certificate : certificates) {
      if (chain.isEmpty() || issued(certificate, chain.getLast())) {
        chain.add(certificate);
      }
    }
    return List.copyOf(chain);
  }

  private static boolean issued(X509Certificate issuer, X509Certificate certificate) {
    return !certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())
        && certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
  }

  String certificatesPem() {
    return pem(certificates);
  }

  String keyPem() {
    return pem(List.of(new PemObject("PRIVATE KEY", key.getEncoded())));
  }

  private static String pem(List<?> objects) {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      for (var object : objects) {
        writer.writeObject(object);
      }
    } catch (IOException e) {
      throw new IllegalStateException("a certificate could not be written as PEM", e);
    }
    return text.toString();
  }

  /// Without the key, so that it can be logged.
  @Override
  public String toString() {
    return "TlsIdentity[%s, until %s]"
        .formatted(leaf().getSubjectX500Principal(), leaf().getNotAfter().toInstant());
  }
}
