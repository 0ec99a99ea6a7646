package com.dalibo.pgbackrest.stanza.api.repository;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Kubernetes admits, the schema does, and nothing else; its API server reads these patterns
/// with RE2, in which they mean the same.
class ReferenceNamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"s3-keys", "a", "0", "123", "true", "the.ca", "a--b", "xn--a.b-c.d9", "1.2.3"})
  void whatASecretMayBeCalled(String name) {
    assertThat(name).matches(RepositorySpec.OBJECT_NAME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "S3-keys",
        "s3_keys",
        "-n",
        "--server=http://elsewhere.invalid",
        "keys-",
        ".keys",
        "keys.",
        "a..b",
        "a.-b",
        "a-.b",
        "a b",
        "a/b",
        "../keys",
        "a\n",
        "a\nb",
        "ключ",
        "$(reboot)"
      })
  void whatItMayNot(String name) {
    assertThat(name).doesNotMatch(RepositorySpec.OBJECT_NAME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ACCESS_KEY_ID",
        "tls.crt",
        ".dockerconfigjson",
        "-",
        "_",
        "-f",
        "a..b",
        ".a.",
        "0",
        "key-1_2.3"
      })
  void whatAKeyMayBeCalled(String key) {
    assertThat(key).matches(RepositorySpec.DATA_KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "..key", "a key", "a/b", "a\n", "a:b", "ключ", "$(x)"})
  void whatItMayNotEither(String key) {
    assertThat(key).doesNotMatch(RepositorySpec.DATA_KEY);
  }
}
