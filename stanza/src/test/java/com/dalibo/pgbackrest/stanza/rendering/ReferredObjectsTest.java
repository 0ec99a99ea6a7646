package com.dalibo.pgbackrest.stanza.rendering;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.Stanza;
import org.junit.jupiter.api.Test;

class ReferredObjectsTest {

  @Test
  void eachSecretConfigMapAndClaimIsNamedOnce() throws Exception {
    var stanza =
        Stanza.parse(
            """
            {"metadata": {"name": "a", "namespace": "default"},
             "spec": {"stanzaConfiguration": {"name": "main",
               "s3Repositories": [{"bucket": "b", "endpoint": "e", "region": "r", "repoPath": "/1",
                 "caConfigMapRef": {"name": "ca", "key": "ca.crt"},
                 "secretRef": {"accessKeyId": {"name": "s3", "key": "id"},
                   "secretAccessKey": {"name": "s3", "key": "key"}}}],
               "volumeRepositories": [{"claimName": "backups", "repoPath": "/",
                 "cipherConfig": {"encryptionPass": {"name": "cipher", "key": "pass"}}}]}}}
            """);

    var referred = ReferredObjects.of(stanza);

    assertThat(referred.secrets()).containsExactly("cipher", "s3");
    assertThat(referred.configMaps()).containsExactly("ca");
    assertThat(referred.claims()).containsExactly("backups");
  }
}
