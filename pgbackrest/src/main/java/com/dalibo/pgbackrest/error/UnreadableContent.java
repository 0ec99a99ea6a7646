package com.dalibo.pgbackrest.error;

import java.util.regex.Pattern;

/// Whether an error says that a file of a repository can be fetched, but neither decrypted nor
/// decompressed: it was cut off, or its bits have changed. A wrong password is no case of it,
/// because pgBackRest has decrypted `archive.info` or `backup.info` before it reads anything else.
public final class UnreadableContent {

  /// The errors of data in `src/common/compress` and `src/common/crypto` of pgBackRest 2.60; lack
  /// of memory is told with the same first words.
  public static final String SIGN =
      "unexpected eof in compressed data"
          + "|zst error: \\[(?!-64\\])"
          + "|lz4 error: \\[(?!-9\\])"
          + "|bz2 error: \\[-[45]\\]"
          + "|zlib threw error: \\[-[236]\\]"
          + "|cipher header (?:invalid|missing)"
          + "|unable to flush";

  private static final Pattern PATTERN = Pattern.compile(SIGN);

  private UnreadableContent() {}

  /// Whether the error says so.
  ///
  /// @param text of an error that names a file of a repository
  public static boolean isIn(String text) {
    return PATTERN.matcher(text).find();
  }
}
