package com.dalibo.pgbackrest.operator.job;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/// What a Job was about, in a few characters: the status keeps that of the last one, so that
/// nothing has to be remembered in the operator.
public final class Fingerprint {
  /// The name of a Job, and so a label of its pods, has 63 characters at most.
  private static final int LONGEST = 63;

  private static final int DIGITS = 10;

  private Fingerprint() {}

  public static String of(String text) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /// The name of a Job.
  ///
  /// @param kind what stands behind the name of the plugin: `-` or `.plan-`
  /// @param name of the object that it is about
  /// @param about what another Job is made for when it changes
  public static String jobName(String kind, String name, String about) {
    var prefix = Plugin.NAME + kind;
    var room = LONGEST - prefix.length() - 1 - DIGITS;
    var cut = name.substring(0, Math.min(name.length(), room)).toLowerCase(Locale.ROOT);
    return "%s%s-%s"
        .formatted(prefix, cut.replaceFirst("[^a-z0-9]+$", ""), of(about).substring(0, DIGITS));
  }
}
