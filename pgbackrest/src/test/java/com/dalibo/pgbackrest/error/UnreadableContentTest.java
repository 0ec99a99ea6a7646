package com.dalibo.pgbackrest.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The words of pgBackRest 2.60 for WAL files that were spoiled in each way, with each compression
/// and with a cipher; and those that look alike.
class UnreadableContentTest {
  private static final String OF_FILE =
      "unable to get 000000010000000000000002:\nrepo1: 15-1/0000000100000000/000000010000000000000002-5ed3f7bd445b1e4b839edadfee275a3a45a47f61.zst ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[FormatError] zst error: [-10] Unknown frame descriptor",
        "[FormatError] zst error: [-20] Data corruption detected",
        "[FormatError] lz4 error: [-16] ERROR_decompressionFailed",
        "[FormatError] zlib threw error: [-3] data error",
        "[FormatError] bz2 error: [-4] data error",
        "[FormatError] bz2 error: [-5] data error magic",
        "[FormatError] unexpected eof in compressed data",
        "[CryptoError] cipher header invalid",
        "[CryptoError] cipher header missing",
        "[CryptoError] unable to flush"
      })
  void isInTheErrorOfADamagedFile(String words) {
    assertThat(UnreadableContent.isIn(OF_FILE + words)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[FormatError] zst error: [-64] Allocation error : not enough memory",
        "[FormatError] lz4 error: [-9] ERROR_allocation_failed",
        "[MemoryError] zlib threw error: [-4] insufficient memory",
        "[MemoryError] bz2 error: [-3] memory error",
        "[FileReadError] unable to read '/r/x': [5] Input/output error",
        "[CryptoError] unable to verify certificate presented by 's3:443': [10] certificate has expired",
        "[ServiceError] TLS error: unexpected eof while reading"
      })
  void isNotInTheErrorOfAHindrance(String words) {
    assertThat(UnreadableContent.isIn(OF_FILE + words)).isFalse();
  }
}
