package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.store.S3Server;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import java.nio.file.Path;
import java.util.List;

/// A Kubernetes API and S3 for any number of clusters: what the tests of a class share.
public final class TestCluster implements AutoCloseable {
  public final S3Server s3;
  public final KubernetesApiServer api;
  final TestCertificates certificates;
  private final Path directory;

  public TestCluster(Path directory, String... buckets) {
    this.directory = directory;
    certificates = TestCertificates.create();
    s3 = S3Server.start(certificates, buckets);
    api = KubernetesApiServer.start(certificates);
    giveKeys();
    secret("ca", "crt: \"%s\"".formatted(certificates.caPem().replace("\n", "\\n")));
  }

  /// Those that S3 knows.
  void giveKeys() {
    secret("keys", "key: %s, secret: %s".formatted(s3.accessKey(), s3.secretKey()));
  }

  public void secret(String name, String data) {
    api.apply(
        "{apiVersion: v1, kind: Secret, metadata: {name: %s}, stringData: {%s}}"
            .formatted(name, data));
  }

  /// Writes a Stanza.
  ///
  /// @param more further members of `stanzaConfiguration`, each with a comma after it
  public void stanza(String name, String more, String... repositories) {
    api.apply(
        """
        {apiVersion: pgbackrest.dalibo.com/v1, kind: Stanza, metadata: {name: %s},
         spec: {stanzaConfiguration: {name: main, %s s3Repositories: [%s]}}}
        """
            .formatted(name, more, String.join(", ", repositories)));
  }

  /// A stanza with repositories of any kind.
  ///
  /// @param list the kind, such as `sftpRepositories`
  public void stanzaOf(String name, String list, String... repositories) {
    api.apply(
        """
        {apiVersion: pgbackrest.dalibo.com/v1, kind: Stanza, metadata: {name: %s},
         spec: {stanzaConfiguration: {name: main, options: {io-timeout: "3s"}, %s: [%s]}}}
        """
            .formatted(name, list, String.join(", ", repositories)));
  }

  String repository(String bucket, String path) {
    return repository(bucket, path, "");
  }

  /// A repository in YAML.
  ///
  /// @param more further members, each with a comma after it
  public String repository(String bucket, String path, String more) {
    return """
        {%s bucket: %s, repoPath: %s, endpoint: localhost, port: %d, region: us-east-1, uriStyle: path,
         caSecretRef: {name: ca, key: crt},
         secretRef: {accessKeyId: {name: keys, key: key}, secretAccessKey: {name: keys, key: secret}}}
        """
        .formatted(more, bucket, path, s3.port());
  }

  /// The same, with the port in the endpoint, and without a check of its certificate.
  String uncheckedRepository(String bucket, String path, String more) {
    return """
        {%s bucket: %s, repoPath: %s, endpoint: 'localhost:%d', region: us-east-1, uriStyle: path, verifyTLS: false,
         secretRef: {accessKeyId: {name: keys, key: key}, secretAccessKey: {name: keys, key: secret}}}
        """
        .formatted(more, bucket, path, s3.port());
  }

  /// A cluster that archives to this stanza.
  public static ClusterDefinition archiving(String name, String stanza) {
    return ClusterDefinition.of(
        """
        {apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: %s}, spec: {plugins: [
          {name: pgbackrest.dalibo.com, isWALArchiver: true, parameters: {stanzaRef: %s}}]}}
        """
            .formatted(name, stanza));
  }

  /// A cluster to be recovered from this stanza.
  ///
  /// @param more further members of its spec, each with a comma after it
  public static ClusterDefinition recovering(
      String name, String stanza, String target, String more) {
    return ClusterDefinition.of(
        """
        {apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: %s}, spec: {%s
          bootstrap: {recovery: {source: o, recoveryTarget: {%s}}},
          externalClusters: [{name: o, plugin: {name: pgbackrest.dalibo.com, parameters: {stanzaRef: %s}}}]}}
        """
            .formatted(name, more, target, stanza));
  }

  public Path directory(String name) {
    return directory.resolve(name);
  }

  /// The WAL segments of a repository, in order and without what pgBackRest adds to their names.
  public List<String> segments(String bucket, String path) {
    return s3.keys(bucket).stream()
        .filter(key -> key.startsWith(path.substring(1) + "/archive/"))
        .map(key -> key.substring(key.lastIndexOf('/') + 1))
        .filter(name -> name.matches("[0-9A-F]{24}-[0-9a-f]{40}.*"))
        .map(name -> name.substring(0, 24))
        .toList();
  }

  @Override
  public void close() {
    api.close();
    s3.close();
  }
}
