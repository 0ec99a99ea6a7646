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
          s3.minio.svc.cluster.local,   /demo, https://S3.minio.svc:443/,              /demo/
          s3.minio.svc.cluster.local,   /demo, https://s3.minio.svc.cluster.local/demo, /demo
          s3.minio.svc.cluster.local.,  /demo, http://s3.minio:80,                     /demo
          s3.minio:9000,                /demo, http://S3.MINIO.svc:9000//,             /demo
          s3.eu-west-3.amazonaws.com,   /demo, s3.amazonaws.com,                       //demo
          s3.eu-west-3.amazonaws.com,   /demo, s3.dualstack.us-east-1.amazonaws.com,   /demo
          s3.eu-west-3.amazonaws.com,   /demo, s3.eu-west-3.api.aws,                   /demo
          s3.eu-west-3.amazonaws.com,   /demo, bucket.s3.eu-west-3.amazonaws.com,      /demo
          s3.example.com,               /demo, bucket.s3.example.com,                  /demo
          s3.example.com,               /demo, s3.example.com.,                        /demo
          s3.example.com,               /demo, s3.example.com,                         /a/../demo
          s3.example.com,               /demo, s3.example.com,                         /./demo/.
          s3,                           /demo, s3.app.svc,                             /demo
          192.0.2.7:9000,               /demo, http://192.0.2.7:9000,                  /demo
          [2001:db8::1]:9000,           /demo, https://[2001:DB8:0:0::0001]:9000/,     /demo
          [::ffff:192.0.2.7]:9000,      /demo, 192.0.2.7:9000,                         /demo
          10.0.0.7:9000,                /demo, 10.7:9000,                              /demo
          storage.googleapis.com,       /demo, bucket.storage.googleapis.com,          /demo/../demo
          """)
  void oneStoreWrittenTwoWaysIsOneStore(String one, String path, String other, String otherPath) {
    assertThat(RepositoryIdentity.shared(s3(one, path), s3(other, otherPath))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          s3.example.com,             /demo, s3.example.com,              /demo2
          s3.example.com,             /demo, s3.example.com,              /Demo
          s3.example.com,             /demo, s3.example.com:9000,         /demo
          s3.example.com,             /demo, s3.example.org,              /demo
          s3.eu-west-3.amazonaws.com, /demo, s3.cn-north-1.amazonaws.com.cn, /demo
          s3.minio,                   /demo, s3.other,                    /demo
          s3,                         /demo, s3.other.svc,                /demo
          """)
  void anotherPathOrHostIsAnotherStore(String one, String path, String other, String otherPath) {
    assertThat(RepositoryIdentity.shared(s3(one, path), s3(other, otherPath))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          s3Repositories: [{bucket: b, region: r, endpoint: h, port: 9000, repoPath: /p}]             | s3Repositories: [{bucket: b, region: r, endpoint: 'h:9000', repoPath: /p}]
          s3Repositories: [{bucket: b, region: r, endpoint: 'h:1', port: 9000, repoPath: /p}]         | s3Repositories: [{bucket: B, region: x, endpoint: h, port: 9000, uriStyle: path, repoPath: /p}]
          s3Repositories: [{bucket: b, region: r, endpoint: storage.googleapis.com, repoPath: /p}]    | gcsRepositories: [{bucket: b, repoPath: /p}]
          gcsRepositories: [{bucket: b, repoPath: /p}]                                                | gcsRepositories: [{bucket: b, endpoint: 'https://storage.europe-west3.rep.googleapis.com:443/', repoPath: /p/}]
          gcsRepositories: [{bucket: b, endpoint: gcs.test.svc, port: 4443, repoPath: /p}]            | gcsRepositories: [{bucket: b, endpoint: 'http://gcs.test:4443', repoPath: /p}]
          azureRepositories: [{account: acme, container: c, repoPath: /p}]                            | azureRepositories: [{account: acme, container: c, endpoint: acme.blob.core.windows.net, uriStyle: path, repoPath: /p}]
          azureRepositories: [{account: acme, container: c, repoPath: /p}]                            | azureRepositories: [{account: acme, container: C, endpoint: 'https://privatelink.blob.core.windows.net/', port: 443, repoPath: /p}]
          azureRepositories: [{account: acme, container: c, repoPath: /p}]                            | azureRepositories: [{account: acme, container: c, endpoint: z12.blob.storage.azure.net, repoPath: /p}]
          azureRepositories: [{account: a, container: c, endpoint: azurite, port: 10000, repoPath: /p}] | azureRepositories: [{account: a, container: c, endpoint: 'http://azurite.app.svc.cluster.local:10000', repoPath: /p}]
          sftpRepositories: [{host: sftp.example.com, user: u, repoPath: /p}]                         | sftpRepositories: [{host: SFTP.example.com., port: 22, user: v, repoPath: //p}]
          sftpRepositories: [{host: '2001:db8::1', user: u, repoPath: /p}]                            | sftpRepositories: [{host: '2001:0db8:0::1', user: u, repoPath: /p}]
          sftpRepositories: [{host: sftp.files, user: u, repoPath: /p}]                               | sftpRepositories: [{host: sftp.files.svc.cluster.local, user: u, repoPath: /p}]
          volumeRepositories: [{claimName: c, repoPath: /p}]                                          | volumeRepositories: [{claimName: c, type: cifs, repoPath: /a/../p/}]
          volumeRepositories: [{claimName: c, repoPath: /}]                                           | volumeRepositories: [{claimName: c, repoPath: //}]
          """)
  void everyKindOfRepositoryHasOneIdentityForOnePlace(String one, String other) {
    assertThat(RepositoryIdentity.shared(stanza(one), stanza(other))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          s3Repositories: [{bucket: b, region: r, endpoint: h, repoPath: /p}]          | s3Repositories: [{bucket: c, region: r, endpoint: h, repoPath: /p}]
          gcsRepositories: [{bucket: b, repoPath: /p}]                                 | gcsRepositories: [{bucket: b, endpoint: gcs.example.com, repoPath: /p}]
          azureRepositories: [{account: a, container: c, repoPath: /p}]                | azureRepositories: [{account: b, container: c, repoPath: /p}]
          azureRepositories: [{account: a, container: c, repoPath: /p}]                | azureRepositories: [{account: a, container: c, endpoint: blob.core.chinacloudapi.cn, repoPath: /p}]
          sftpRepositories: [{host: h, user: u, repoPath: /p}]                         | sftpRepositories: [{host: h, port: 2222, user: u, repoPath: /p}]
          volumeRepositories: [{claimName: c, repoPath: /p}]                           | volumeRepositories: [{claimName: d, repoPath: /p}]
          """)
  void anotherPlaceOfTheSameKindIsAnother(String one, String other) {
    assertThat(RepositoryIdentity.shared(stanza(one), stanza(other))).isEmpty();
  }

  private static Stanza s3(String endpoint, String path) {
    return stanza(
        "s3Repositories: [{bucket: bucket, region: r, endpoint: '%s', repoPath: '%s'}]"
            .formatted(endpoint, path));
  }

  private static Stanza stanza(String repositories) {
    return Documents.stanza(
        "name: main\n"
            + repositories
                .replace(
                    "user: u,",
                    "user: u, hostKeyHashType: sha1, secretRef: {privateKey: {name: s, key: k}},")
                .replace(
                    "user: v,",
                    "user: v, hostKeyHashType: sha1, secretRef: {privateKey: {name: s, key: k}},"));
  }
}
