package com.dalibo.pgbackrest.stanza.rendering;

import static com.dalibo.pgbackrest.stanza.rendering.StanzaProblems.S3;
import static com.dalibo.pgbackrest.stanza.rendering.StanzaProblems.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3.example.com",
        "https://s3.example.com",
        "https://s3.example.com:443/",
        "s3.example.com:9000",
        "http://minio:9000",
        "s3.example.com.",
        "192.0.2.7:9000",
        "[2001:db8::1]:9000",
        "s3_1.ns.svc",
        "s3-eu--x.a_.b"
      })
  void anEndpointThatPgBackRestUnderstandsIsAccepted(String endpoint) {
    assertThat(problems(S3.replace("endpoint: e", "endpoint: '" + endpoint + "'").formatted("")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3 demo",
        "h:abc",
        "h:0",
        "h:65536",
        "ftp://h",
        "HTTPS://h",
        "h/demo",
        "https://h/demo",
        "https://u:p@h",
        "h?x=1",
        "h:",
        "-h",
        "2001:db8::1",
        "s3..demo",
        "s3.demo..",
        "[2001:db8::1",
        "s3.demo:9000:9000",
        "s3.demo#x",
        "https://"
      })
  void anEndpointThatIsNoHostIsRefusedForEveryStore(String endpoint) {
    var e = "endpoint: \"" + endpoint + "\"";
    for (var configuration :
        List.of(
            S3.replace("endpoint: e", e).formatted(""),
            "azureRepositories: [{account: a, container: c, repoPath: /p, keyType: auto, %s}]"
                .formatted(e),
            "gcsRepositories: [{bucket: b, repoPath: /p, keyType: auto, %s}]".formatted(e))) {
      assertThat(problems(configuration))
          .contains(
              "the Stanza 'sample' has '%s' in ".formatted(endpoint),
              ".endpoint, which is not a host; write the host of the store, with http:// or https://"
                  + " before it and :port after it if needed, and without a path: what is below the"
                  + " bucket is 'repoPath'");
    }
  }

  /// The threads of the sidecar have 256 KiB, and the pattern takes some for each dot.
  @Test
  void aLongHostIsJudgedOnASmallStack() throws Exception {
    var longest = "https://" + "a.".repeat(126) + "b:65535/";
    assertThat(problemsOnASmallStack("endpoint: " + longest)).isEmpty();
    for (var endpoint : List.of("a.".repeat(511) + "b", "a".repeat(500) + ".b")) {
      assertThat(problemsOnASmallStack("endpoint: " + endpoint))
          .contains("in s3Repositories[0].endpoint, which is not a host");
    }
  }

  private static String problemsOnASmallStack(String endpoint) throws InterruptedException {
    var found = new AtomicReference<String>();
    var thread =
        new Thread(
            null,
            () -> found.set(problems(S3.replace("endpoint: e", endpoint).formatted(""))),
            "small",
            256 * 1024);
    thread.start();
    thread.join();
    return found.get();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          s3Repositories: [{bucket: a.b, endpoint: e, region: r, repoPath: /p, keyType: auto}] | has bucket 'a.b' in s3Repositories[0] as part of the host name, for which no certificate is valid because of the dot; add 'uriStyle: path'
          s3Repositories: [{bucket: a/b, endpoint: e, region: r, repoPath: /p, keyType: auto}] | has 'a/b' in s3Repositories[0].bucket, which is not the name of a bucket; give only its name
          s3Repositories: [{bucket: b, endpoint: e, region: eu west, repoPath: /p, keyType: auto}] | has 'eu west' in s3Repositories[0].region, which has white space or a character that the store does not know; retype it
          s3Repositories: [{bucket: b, endpoint: 'e:1', port: 2, region: r, repoPath: /p, keyType: auto}] | has 'e:1' in s3Repositories[0].endpoint and another port, 2, in s3Repositories[0].port; write the port once
          gcsRepositories: [{bucket: 'gs://b', repoPath: /p, keyType: auto}] | has 'gs://b' in gcsRepositories[0].bucket, which is not the name of a bucket; give only its name, in lower case, without gs://
          azureRepositories: [{account: a.blob.core.windows.net, container: c, repoPath: /p, keyType: auto}] | has 'a.blob.core.windows.net' in azureRepositories[0].account, which is not the name of a storage account; give only its name, in lower-case letters and digits; its host name is 'endpoint'
          azureRepositories: [{account: a, container: C_1, repoPath: /p, keyType: auto}] | has 'C_1' in azureRepositories[0].container, which is not the name of a container; give only its name, in lower-case letters, digits and '-'
          sftpRepositories: [{host: u@h, user: u, repoPath: /p, hostKeyHashType: sha1, hostKeyCheckType: none, secretRef: {privateKey: {name: s, key: k}}}] | has 'u@h' in sftpRepositories[0].host, which is not a host; write only a host name or an address; user and port have fields of their own
          """)
  void aNameThatNoStoreHasIsRefused(String configuration, String problem) {
    assertThat(problems(configuration)).isEqualTo("the Stanza 'sample' " + problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {", uriStyle: path", ", verifyTLS: false", ", caSecretRef: {name: s, key: k}"})
  void aBucketWithADotWorksWhereNoPublicCertificateIsAsked(String field) {
    assertThat(problems(S3.replace("bucket: b", "bucket: a.b").formatted(field))).isEmpty();
  }
}
