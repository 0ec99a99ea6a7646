package com.dalibo.pgbackrest.testbed.store;

import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.gaul.shaded.org.eclipse.jetty.server.Connector;
import org.gaul.shaded.org.eclipse.jetty.server.CustomRequestLog;
import org.gaul.shaded.org.eclipse.jetty.server.Server;
import org.gaul.shaded.org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/// An S3 server over HTTPS in this JVM that checks signatures and can be made to fail. Path style
/// only. Objects live in memory unless a directory is given; they survive [#refuse()].
public final class S3Server implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final S3Proxy proxy;
  private final BlobStore store;
  private final ServerConnector connector;
  private final S3Faults faults;
  private final int port;
  private final String accessKey;
  private volatile String secretKey;
  private final @Nullable TestCertificates certificates;

  private S3Server(
      S3Proxy proxy,
      BlobStore store,
      Server jetty,
      S3Faults faults,
      String accessKey,
      String secretKey,
      @Nullable TestCertificates certificates) {
    this.proxy = proxy;
    this.store = store;
    this.faults = faults;
    this.accessKey = accessKey;
    this.secretKey = secretKey;
    this.certificates = certificates;
    Connector first = jetty.getConnectors()[0];
    this.connector = (ServerConnector) first;
    this.port = connector.getLocalPort();
  }

  /// A server on a free loopback port, objects in memory, with these buckets.
  public static S3Server start(TestCertificates certificates, String... buckets) {
    Builder builder = builder().certificates(certificates);
    for (String bucket : buckets) {
      builder.bucket(bucket);
    }
    return builder.start();
  }

  public static Builder builder() {
    return new Builder();
  }

  public int port() {
    return port;
  }

  /// `localhost:PORT`, as an S3 repository's `endpoint`.
  public String endpoint() {
    return "localhost:" + port;
  }

  public String accessKey() {
    return accessKey;
  }

  public String secretKey() {
    return secretKey;
  }

  /// From now on the access key has another secret, and the one before is refused.
  public void rotateKey(String secret) {
    secretKey = secret;
    proxy.setBlobStoreLocator(
        (identity, container, blob) ->
            accessKey.equals(identity) ? new AccessGrant(secretKey, store) : null);
  }

  public TestCertificates certificates() {
    if (certificates == null) {
      throw new IllegalStateException("the server was started with a TLS context of its own");
    }
    return certificates;
  }

  /// Stops listening: connections are refused until [#accept()].
  public void refuse() {
    try {
      connector.setPort(port);
      connector.stop();
      // Ends the connections that clients keep open: they must not outlive the server they talk to.
      connector.getConnectedEndPoints().forEach(endPoint -> endPoint.close());
    } catch (Exception e) {
      throw new IllegalStateException("the S3 server cannot stop listening", e);
    }
  }

  /// Listens again on the same port, when it is free: meanwhile the kernel may have lent it to a
  /// connection, even to one of those who try to reach this server.
  public void accept() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!isListening(System.nanoTime() > deadline)) {
        Thread.sleep(Duration.ofMillis(100));
      }
    } catch (Exception e) {
      throw new IllegalStateException("the S3 server cannot listen on port " + port, e);
    }
  }

  private boolean isListening(boolean mustBe) throws Exception {
    try {
      connector.start();
      return true;
    } catch (IOException taken) {
      if (mustBe) {
        throw taken;
      }
      return false;
    }
  }

  /// What goes wrong from now on; nothing at first.
  public S3Faults faults() {
    return faults;
  }

  /// All keys of the bucket, sorted.
  public List<String> keys(String bucket) {
    List<String> keys = new ArrayList<>();
    @Nullable String token = null;
    do {
      var answer =
          store.list(
              ListObjectsV2Request.builder().bucket(bucket).continuationToken(token).build());
      answer.contents().stream().map(S3Object::key).forEach(keys::add);
      token = answer.nextContinuationToken();
    } while (token != null);
    return keys.stream().sorted().toList();
  }

  public byte[] get(String bucket, String key) {
    try (var in = store.getBlob(bucket, key)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void put(String bucket, String key, byte[] content) {
    try (var in = RequestBody.fromBytes(content).contentStreamProvider().newStream()) {
      store.putBlob(
          PutObjectRequest.builder()
              .bucket(bucket)
              .key(key)
              .contentLength((long) content.length)
              .build(),
          in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void delete(String bucket, String key) {
    store.removeBlob(bucket, key);
  }

  @Override
  public void close() {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the S3 server cannot be stopped", e);
    }
  }

  /// How a server starts; everything has a default but the certificates.
  public static final class Builder {
    private final List<String> buckets = new ArrayList<>();
    private String address = "127.0.0.1";
    private int port;
    private String accessKey = "testbed-key";
    private String secretKey = "testbed-secret";
    private @Nullable Path directory;
    private @Nullable Path requestLog;
    private @Nullable TestCertificates certificates;
    private @Nullable SSLContext context;

    private Builder() {}

    public Builder certificates(TestCertificates value) {
      certificates = value;
      context = value.serverContext();
      return this;
    }

    Builder tls(SSLContext value) {
      context = value;
      return this;
    }

    Builder address(String value) {
      address = value;
      return this;
    }

    /// 0: any free port.
    public Builder port(int value) {
      port = value;
      return this;
    }

    public Builder credentials(String access, String secret) {
      accessKey = access;
      secretKey = secret;
      return this;
    }

    public Builder bucket(String name) {
      buckets.add(name);
      return this;
    }

    /// Keeps objects in files below this directory.
    public Builder directory(Path value) {
      directory = value;
      return this;
    }

    /// Appends a line for each request to this file, in the common log format of web servers.
    Builder requestLog(Path value) {
      requestLog = value;
      return this;
    }

    public S3Server start() {
      if (context == null) {
        throw new IllegalStateException("the S3 server needs certificates");
      }
      BlobStore store =
          directory == null
              ? new TransientNio2BlobStore()
              : new FilesystemNio2BlobStore(directory.toString());
      for (String bucket : buckets) {
        if (!store.containerExists(bucket)) {
          store.createContainer(bucket);
        }
      }
      S3Proxy proxy =
          S3Proxy.builder()
              .blobStore(store)
              .secureEndpoint(URI.create("https://" + address + ":" + port))
              .sslContext(context)
              .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
              .v4MaxNonChunkedRequestSize(128L << 20)
              // The session token that temporary keys come with is one.
              .ignoreUnknownHeaders(true)
              .stopTimeout(0)
              .build();
      try {
        Server jetty = S3Faults.jettyOf(proxy);
        S3Faults faults = S3Faults.before(jetty);
        if (requestLog != null) {
          jetty.setRequestLog(
              new CustomRequestLog(requestLog.toString(), CustomRequestLog.NCSA_FORMAT));
        }
        proxy.start();
        return new S3Server(proxy, store, jetty, faults, accessKey, secretKey, certificates);
      } catch (Exception e) {
        throw new IllegalStateException("the S3 server cannot start on port " + port, e);
      }
    }
  }

  /// The server as a program of its own, configured by the environment: `S3_PORT`, `S3_DIRECTORY`,
  /// `S3_BUCKETS` (separated by commas), `S3_ACCESS_KEY`, `S3_SECRET_KEY`, and either
  /// `S3_CERTIFICATE` with `S3_KEY` (PEM files, PKCS #8) or `S3_KEY_STORE` (PKCS #12) with
  /// `S3_KEY_STORE_PASSWORD`; `S3_ADDRESS` defaults to 127.0.0.1, and `S3_LATENCY_MS`, what each
  /// answer is held back, to 0; `S3_REQUEST_LOG` names a file that gets a line for each request.
  /// Runs until it is terminated.
  public static void main(String[] arguments) throws Exception {
    Map<String, String> environment = System.getenv();
    Path directory = Path.of(required(environment, "S3_DIRECTORY"));
    Files.createDirectories(directory);
    Builder builder =
        builder()
            .tls(tls(environment))
            .address(environment.getOrDefault("S3_ADDRESS", "127.0.0.1"))
            .port(Integer.parseInt(required(environment, "S3_PORT")))
            .credentials(
                required(environment, "S3_ACCESS_KEY"), required(environment, "S3_SECRET_KEY"))
            .directory(directory);
    for (String bucket : required(environment, "S3_BUCKETS").split(",", -1)) {
      builder.bucket(bucket.strip());
    }
    String requestLog = environment.getOrDefault("S3_REQUEST_LOG", "");
    if (!requestLog.isEmpty()) {
      builder.requestLog(Path.of(requestLog));
    }
    S3Server server = builder.start();
    server
        .faults()
        .delay(Duration.ofMillis(Long.parseLong(environment.getOrDefault("S3_LATENCY_MS", "0"))));
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    System.out.println("S3 server listens on port " + server.port());
    Thread.sleep(Duration.ofDays(365));
  }

  private static SSLContext tls(Map<String, String> environment)
      throws IOException, GeneralSecurityException {
    @Nullable String keyStore = environment.get("S3_KEY_STORE");
    if (keyStore != null) {
      return TestCertificates.serverContext(
          Path.of(keyStore),
          environment.getOrDefault("S3_KEY_STORE_PASSWORD", "changeit").toCharArray());
    }
    return TestCertificates.serverContext(
        Path.of(required(environment, "S3_CERTIFICATE")), Path.of(required(environment, "S3_KEY")));
  }

  private static String required(Map<String, String> environment, String name) {
    @Nullable String value = environment.get(name);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("the S3 server needs the environment variable " + name);
    }
    return value;
  }
}
