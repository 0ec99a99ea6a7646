package com.dalibo.pgbackrest.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.Stanza;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodIdentityTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "keyType": "web-id"  | "A": "b"                                      | true
          "keyType": "shared"  | "A": "b"                                      | false
          "name": "n"          | "PGBACKREST_REPO1_S3_KEY_TYPE": "auto"        | true
          "name": "n"          | "PGBACKREST_REPO1_S3_KEY_TYPE": "shared"      | false
          "keyType": "shared"  | "PGBACKREST_REPO1_S3_KEY_TYPE": "auto"        | false
          """)
  void isNeededWhereAStoreKnowsThePod(String field, String variable, boolean needed)
      throws Exception {
    var stanza =
        Stanza.parse(
            """
            {"metadata": {"name": "main", "namespace": "default"},
             "spec": {"stanzaConfiguration": {"name": "main", "customEnvVar": {%s}, "s3Repositories": [
               {"bucket": "b", "endpoint": "e", "region": "r", "repoPath": "/r", %s}]}}}
            """
                .formatted(variable, field));

    assertThat(PodIdentity.isNeeded(stanza)).isEqualTo(needed);
  }
}
