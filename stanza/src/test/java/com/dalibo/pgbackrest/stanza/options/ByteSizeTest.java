package com.dalibo.pgbackrest.stanza.options;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  /// As pgBackRest 2.60 reads them.
  @ParameterizedTest
  @CsvSource({
    "128, 128",
    "128B, 128",
    "128k, 131072",
    "1KiB, 1024",
    "128MiB, 134217728",
    "128mib, 134217728",
    "128MB, 134217728",
    "128m, 134217728",
    "0PiB, 0",
    "4PiB, 4503599627370496",
    "8191PiB, 9222246136947933184"
  })
  void isReadAsPgBackRestDoes(String text, long bytes) {
    assertThat(ByteSize.parse(text)).hasValue(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "MiB",
        "-1",
        "1.5GiB",
        "128 MiB",
        "128Mi",
        "128bb",
        "8192PiB",
        "999999999999999PiB"
      })
  void isNoneOrTooLarge(String text) {
    assertThat(ByteSize.parse(text)).isEmpty();
  }
}
