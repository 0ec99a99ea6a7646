package com.dalibo.pgbackrest.operator.tls;

import io.fabric8.kubernetes.api.model.Secret;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads Secrets of the type `kubernetes.io/tls`.
public final class TlsSecret {

  private static final int DNS_NAME = 2;

  private TlsSecret() {}

  public static TlsIdentity identity(Secret secret) {
    return TlsIdentity.parse(value(secret, "tls.crt"), value(secret, "tls.key"));
  }

  public static List<X509Certificate> certificates(Secret secret) {
    return TlsIdentity.certificates(value(secret, "tls.crt"));
  }

  static List<String> dnsNames(X509Certificate certificate) {
    try {
      return Optional.ofNullable(certificate.getSubjectAlternativeNames())
          .orElse(List.of())
          .stream()
          .filter(name -> name.getFirst().equals(DNS_NAME))
          .map(name -> String.valueOf(name.get(1)))
          .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private static byte[] value(Secret secret, String key) {
    var encoded = Optional.ofNullable(secret.getData()).orElse(Map.of()).get(key);
    if (encoded == null) {
      throw new IllegalArgumentException(
          "secret '%s' has no key '%s'; a Secret of the type kubernetes.io/tls is needed"
              .formatted(secret.getMetadata().getName(), key));
    }
    return Base64.getDecoder().decode(encoded);
  }
}
