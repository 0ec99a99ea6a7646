package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.stanza.contract.Fingerprint;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The names of the objects of a drill. They follow from the drill and from the time or the request
/// of the run, so that two operators create the same objects.
public final class DrillNames {

  /// A label on runs, Clusters and pods of a drill with the name of the drill; and an annotation on
  /// a drill, of which each new value starts a run.
  public static final String DRILL = Plugin.NAME + "/drill";

  /// With it the name of a Cluster has the 50 characters that CNPG allows.
  private static final int LONGEST = 28;

  private static final int CUT = 19;
  private static final int LONGEST_LABEL = 63;

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private DrillNames() {}

  public static String ofRun(String drill, Instant due) {
    return prefix(drill) + "-" + MOMENT.format(due);
  }

  public static String ofRequestedRun(String drill, String request) {
    return prefix(drill) + "-r" + Fingerprint.of(request).substring(0, 12);
  }

  /// Services of a Cluster have its name, which may not begin with a digit then.
  static String cluster(String run) {
    return "drill-" + run;
  }

  static String job(String run) {
    return cluster(run) + "-checks";
  }

  /// The name of a drill as the value of a label.
  public static String label(String drill) {
    return drill.length() <= LONGEST_LABEL ? drill : prefix(drill);
  }

  /// The name of a drill as part of other names.
  static String prefix(String drill) {
    var plain = drill.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
    return plain.length() <= LONGEST && plain.equals(drill)
        ? drill
        : plain.substring(0, Math.min(plain.length(), CUT))
            + "-"
            + Fingerprint.of(drill).substring(0, 8);
  }
}
