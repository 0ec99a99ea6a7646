package com.dalibo.pgbackrest.sidecar.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

class RepositoryTroubleTest {
  @Test
  void aBucketThatDoesNotExistIsToBeCreated() throws Exception {
    assertThat(
            explained(
                "",
                """
                [ProtocolError] HTTP request failed with 404 (Not Found):
                *** Path/Query ***:
                GET /b/?list-type=2
                *** Response Content ***:
                <Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message></Error>
                """))
        .isEqualTo(
            "bucket 'b' does not exist at 'h'; create it, or correct 'bucket' in s3Repositories[0] of"
                + " the Stanza: [ProtocolError] HTTP request failed with 404 (Not Found):"
                + " NoSuchBucket: The specified bucket does not exist");
  }

  @Test
  void whatCannotBeDecryptedAsksForTheRightPassword() throws Exception {
    assertThat(
            explained(
                ", cipherConfig: {encryptionPass: {name: s, key: k}}",
                "[FormatError] unable to load info file\nFormatError: key/value found outside of section at line 1: \u0001x"))
        .isEqualTo(
            "what it holds cannot be read with the password that cipherConfig.encryptionPass names in"
                + " s3Repositories[0] of the Stanza; put the one it was made with into that Secret, or remove cipherConfig if it is not encrypted");
  }

  @Test
  void aCertificateThatIsNotTrustedIsNoMatterOfThePassword() throws Exception {
    assertThat(
            explained(
                ", cipherConfig: {encryptionPass: {name: s, key: k}}",
                "[CryptoError] unable to verify certificate presented by 'h:443': [20] unable to get"
                    + " local issuer certificate"))
        .startsWith("[CryptoError] unable to verify certificate presented by 'h:443': [20]")
        .endsWith(
            "; remedy: give the store's certificate authority in 'caSecretRef' or"
                + " 'caConfigMapRef'");
  }

  @Test
  void anAnswerInJsonIsToldByItsMessage() throws Exception {
    assertThat(
            explained(
                "",
                """
                [ProtocolError] HTTP request failed with 401 (Unauthorized):
                *** Path/Query ***:
                GET /storage/v1/b/b/o
                *** Response Content ***:
                {"error":{"code":401,"message":"Invalid Credentials"}}
                """))
        .startsWith(
            "[ProtocolError] HTTP request failed with 401 (Unauthorized): Invalid Credentials; remedy:"
                + " the token is not good, or has run out");
  }

  @Test
  void whatIsNotUnderstoodIsToldWithoutWhatIsNotText() throws Exception {
    assertThat(explained("", "[FileReadError] one\nbad \u0007 line\n  two"))
        .isEqualTo("[FileReadError] one two");
  }

  private static String explained(String more, String words) throws Exception {
    var stanza =
        """
        {apiVersion: "pgbackrest.dalibo.com/v1", kind: Stanza, metadata: {name: s}, spec: {stanzaConfiguration: {
          name: main, s3Repositories: [{bucket: b, endpoint: h, region: r, repoPath: "/r"%s}]}}}
        """
            .formatted(more);
    var parsed = Stanza.parse(JsonParser.parseString(stanza).getAsJsonObject());
    return new RepositoryTrouble(Repositories.of(parsed.spec()).getFirst(), words).explained();
  }
}
