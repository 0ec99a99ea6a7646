package com.dalibo.pgbackrest.stanza.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.Documents;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepositoryIdentityTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          s3.minio.svc.cluster.local, /demo, https://S3.minio.svc:443/, /demo/
          s3.eu-west-3.amazonaws.com, /demo, s3.amazonaws.com,          //demo
          s3.example.com,             /demo, s3.example.com.,           /demo
          """)
  void oneStoreWrittenTwoWaysIsOneStore(String one, String path, String other, String otherPath) {
    assertThat(RepositoryIdentity.shared(s3(one, path), s3(other, otherPath))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          s3.example.com, /demo, s3.example.com,      /demo2
          s3.example.com, /demo, s3.example.com:9000, /demo
          s3.example.com, /demo, s3.example.org,      /demo
          """)
  void anotherPathOrHostIsAnotherStore(String one, String path, String other, String otherPath) {
    assertThat(RepositoryIdentity.shared(s3(one, path), s3(other, otherPath))).isEmpty();
  }

  private static Stanza s3(String endpoint, String path) {
    return Documents.stanza(
        "name: main\ns3Repositories: [{bucket: b, region: r, endpoint: '%s', repoPath: '%s'}]"
            .formatted(endpoint, path));
  }
}
