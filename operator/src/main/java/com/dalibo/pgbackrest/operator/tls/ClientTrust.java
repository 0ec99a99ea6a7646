package com.dalibo.pgbackrest.operator.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Who may call: the holder of a certificate from the client's Secret, or of one that such a
/// certificate signed.
///
/// What was trusted before a change stays trusted for a minute, because the CNPG operator reads the
/// Secret in its own time.
public final class ClientTrust extends X509ExtendedTrustManager {

  static final Duration GRACE = Duration.ofMinutes(1);

  private static final String CLIENT_USAGE = "1.3.6.1.5.5.7.3.2";

  private final InstantSource clock;
  private volatile Trusted trusted = new Trusted(List.of(), List.of(), Instant.EPOCH);

  public ClientTrust(InstantSource clock) {
    this.clock = clock;
  }

  private record Trusted(
      List<X509Certificate> current, List<X509Certificate> previous, Instant previousUntil) {

    List<X509Certificate> at(Instant now) {
      return now.isBefore(previousUntil)
          ? Stream.concat(current.stream(), previous.stream()).distinct().toList()
          : current;
    }
  }

  public synchronized void trust(List<X509Certificate> certificates) {
    if (certificates.equals(trusted.current)) {
      return;
    }
    var now = clock.instant();
    trusted = new Trusted(List.copyOf(certificates), trusted.at(now), now.plus(GRACE));
  }

  public boolean isPresent() {
    return !trusted.current.isEmpty();
  }

  void check(X509Certificate @Nullable [] chain) throws CertificateException {
    if (chain == null || chain.length == 0) {
      throw new CertificateException("the client sent no certificate");
    }
    var now = clock.instant();
    var anchors = trusted.at(now);
    var leaf = chain[0];
    leaf.checkValidity(Date.from(now));
    checkUsage(leaf);
    if (!anchors.contains(leaf)) {
      checkIssuers(chain, anchors, now);
    }
  }

  private static void checkUsage(X509Certificate leaf) throws CertificateException {
    var usage = leaf.getExtendedKeyUsage();
    if (usage != null && !usage.contains(CLIENT_USAGE) && !usage.contains("2.5.29.37.0")) {
      throw new CertificateException(
          "the client's certificate '" + leaf.getSubjectX500Principal() + "' is not for clients");
    }
  }

  private static void checkIssuers(
      X509Certificate[] chain, List<X509Certificate> trusted, Instant now)
      throws CertificateException {
    if (trusted.isEmpty()) {
      throw new CertificateException("no client is trusted yet");
    }
    try {
      var path = new ArrayList<X509Certificate>();
      for (var certificate : chain) {
        if (trusted.contains(certificate)) {
          break;
        }
        path.add(certificate);
      }
      var anchors =
          trusted.stream()
              .map(certificate -> new TrustAnchor(certificate, null))
              .collect(Collectors.toSet());
      var parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    } catch (CertificateException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new CertificateException(
          "the client's certificate '"
              + chain[0].getSubjectX500Principal()
              + "' is not the one in the client's Secret",
          e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this program is a server; it trusts no servers");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  // Empty: the client has one certificate and needs no hint which to send.
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
