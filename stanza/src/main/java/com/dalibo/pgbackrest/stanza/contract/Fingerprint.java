package com.dalibo.pgbackrest.stanza.contract;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A few characters that stand for a text, as part of a name.
public final class Fingerprint {
  private Fingerprint() {}

  /// The usual length: 16 characters.
  public static String of(String text) {
    return of(text, 8);
  }

  /// A fingerprint of a given length.
  ///
  /// @param bytes two characters each
  public static String of(String text, int bytes) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
