package com.dalibo.pgbackrest.operator.job;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.stanza.contract.Fingerprint;
import java.util.Locale;

/// The names of Jobs, which follow from their objects, so that the operator keeps nothing in
/// memory.
public final class JobName {
  /// The name of a Job, and so a label of its pods, has 63 characters at most.
  private static final int LONGEST = 63;

  private static final int DIGITS = 10;

  private JobName() {}

  /// The name of the Job for an object as it is now.
  ///
  /// @param kind the text after the name of the plugin: `-` or `.plan-`
  /// @param name of the object that the Job is for
  /// @param about another Job is created when it changes
  public static String of(String kind, String name, String about) {
    var prefix = Plugin.NAME + kind;
    var room = LONGEST - prefix.length() - 1 - DIGITS;
    var cut = name.substring(0, Math.min(name.length(), room)).toLowerCase(Locale.ROOT);
    return "%s%s-%s"
        .formatted(
            prefix,
            cut.replaceFirst("[^a-z0-9]+$", ""),
            Fingerprint.of(about).substring(0, DIGITS));
  }
}
