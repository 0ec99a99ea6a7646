package com.dalibo.pgbackrest.operator.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// The key and certificate that every new connection is served with; a renewed one follows without
/// a restart.
///
/// A Secret that holds the certificate in use beside a new one is trusted for both by whoever reads
/// it, so the new one waits until the CNPG operator has read the Secret too
/// (docs/adr/0011-certificates.md).
public final class ServerKey extends X509ExtendedKeyManager {

  /// How long the CNPG operator has to read a changed Secret; it takes milliseconds when it is
  /// well.
  static final Duration GRACE = Duration.ofSeconds(30);

  private static final String ALIAS = "server";

  private final InstantSource clock;
  private volatile @Nullable Keys keys;

  public ServerKey(InstantSource clock) {
    this.clock = clock;
  }

  private record Keys(TlsIdentity current, @Nullable TlsIdentity next, Instant nextFrom) {}

  public void present(TlsIdentity identity) {
    var now = clock.instant();
    var serving = current();
    if (serving != null
        && !serving.leaf().equals(identity.leaf())
        && identity.certificates().contains(serving.leaf())
        && now.isBefore(serving.leaf().getNotAfter().toInstant())) {
      keys = new Keys(serving, identity, now.plus(GRACE));
      return;
    }
    keys = new Keys(identity, null, now);
  }

  public boolean isPresent() {
    return keys != null;
  }

  @Nullable TlsIdentity current() {
    var seen = keys;
    if (seen == null) {
      return null;
    }
    return seen.next == null || clock.instant().isBefore(seen.nextFrom) ? seen.current : seen.next;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return chooseServerAlias(keyType, issuers, null);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    var identity = current();
    return identity != null && identity.key().getAlgorithm().equals(keyType) ? ALIAS : null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    var identity = current();
    return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    var identity = current();
    return identity == null ? null : identity.key();
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
