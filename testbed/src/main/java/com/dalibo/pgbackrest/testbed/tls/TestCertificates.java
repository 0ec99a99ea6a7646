package com.dalibo.pgbackrest.testbed.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority of its own with one server certificate for `localhost` and 127.0.0.1.
/// Two objects never trust each other, which makes the test of a wrong CA one line.
public final class TestCertificates {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final KeyPair authorityKeys;
  private final X509Certificate authority;
  private final Issued server;

  private TestCertificates(KeyPair authorityKeys, X509Certificate authority)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    this.authorityKeys = authorityKeys;
    this.authority = authority;
    this.server = sign("localhost", List.of("localhost", "127.0.0.1"));
  }

  /// A private key and its certificate, signed by the authority.
  public record Issued(PrivateKey key, X509Certificate certificate) {
    public String keyPem() {
      return pem("PRIVATE KEY", key.getEncoded());
    }

    public String certificatePem() {
      try {
        return pem("CERTIFICATE", certificate.getEncoded());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  public static TestCertificates create() {
    try {
      KeyPair keys = newKeys();
      X509Certificate authority =
          build(
              new X500Name("CN=testbed authority"),
              keys,
              new X500Name("CN=testbed authority"),
              keys,
              List.of());
      return new TestCertificates(keys, authority);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("the test certificates cannot be made", e);
    }
  }

  /// Another certificate of the same authority, for DNS names and IP addresses.
  public Issued issue(String commonName, List<String> names) {
    try {
      return sign(commonName, names);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("the certificate '" + commonName + "' cannot be made", e);
    }
  }

  public String caPem() {
    return new Issued(authorityKeys.getPrivate(), authority).certificatePem();
  }

  public X509Certificate authority() {
    return authority;
  }

  public Issued server() {
    return server;
  }

  public Path writeCa(Path file) throws IOException {
    return Files.writeString(file, caPem());
  }

  /// What a server on `localhost` presents.
  public SSLContext serverContext() {
    return context(server);
  }

  /// What a client needs that trusts this authority and nothing else.
  public SSLContext clientContext() {
    try {
      KeyStore store = emptyStore();
      store.setCertificateEntry("authority", authority);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private SSLContext context(Issued issued) {
    try {
      return serverContext(issued.key(), new X509Certificate[] {issued.certificate(), authority});
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A server's context from PEM files: a PKCS #8 key and a certificate with its chain.
  public static SSLContext serverContext(Path certificate, Path key)
      throws IOException, GeneralSecurityException {
    X509Certificate[] chain;
    try (var in = Files.newInputStream(certificate)) {
      chain =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toArray(X509Certificate[]::new);
    }
    byte[] encoded =
        Base64.getMimeDecoder()
            .decode(Files.readString(key).replaceAll("-----[A-Z ]+-----", "").strip());
    String algorithm = chain[0].getPublicKey().getAlgorithm();
    PrivateKey privateKey =
        java.security.KeyFactory.getInstance(algorithm)
            .generatePrivate(new java.security.spec.PKCS8EncodedKeySpec(encoded));
    return serverContext(privateKey, chain);
  }

  /// A server's context from a PKCS #12 file.
  public static SSLContext serverContext(Path keyStore, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(Files.readAllBytes(keyStore)), password);
    return serverContext(store, password);
  }

  private static SSLContext serverContext(PrivateKey key, X509Certificate[] chain)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    store.setKeyEntry("server", key, PASSWORD, chain);
    return serverContext(store, PASSWORD);
  }

  private static SSLContext serverContext(KeyStore store, char[] password)
      throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private Issued sign(String commonName, List<String> names)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    KeyPair keys = newKeys();
    X509Certificate certificate =
        build(
            new X500Name(authority.getSubjectX500Principal().getName()),
            authorityKeys,
            new X500Name("CN=" + commonName),
            keys,
            names);
    return new Issued(keys.getPrivate(), certificate);
  }

  private static X509Certificate build(
      X500Name issuer, KeyPair issuerKeys, X500Name subject, KeyPair keys, List<String> names)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    Instant now = Instant.now();
    boolean authority = names.isEmpty();
    var extensions = new JcaX509ExtensionUtils();
    var builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(64, new SecureRandom()).add(BigInteger.ONE),
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(now.plus(Duration.ofDays(365))),
            subject,
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        extensions.createSubjectKeyIdentifier(keys.getPublic()));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        extensions.createAuthorityKeyIdentifier(issuerKeys.getPublic()));
    if (authority) {
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    } else {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              names.stream().map(TestCertificates::generalName).toArray(GeneralName[]::new)));
    }
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate());
    byte[] encoded = builder.build(signer).getEncoded();
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }

  private static GeneralName generalName(String name) {
    boolean address = name.matches("[0-9.]+") || name.contains(":");
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, PASSWORD);
    return store;
  }

  private static String pem(String type, byte[] der) {
    byte[] line = "\n".getBytes(StandardCharsets.US_ASCII);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, Base64.getMimeEncoder(64, line).encodeToString(der), type);
  }
}
