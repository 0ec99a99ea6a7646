package com.dalibo.pgbackrest.sidecar.restore;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// A restored `postgresql.auto.conf` without what CNPG sets itself.
///
/// PostgreSQL reads this file last, so a setting left in it wins over what CNPG writes: a
/// `restore_command` of another host would end the recovery, a target would stop it elsewhere, an
/// `archive_command` would send the WAL of the new cluster nowhere, and another port would keep
/// CNPG from ever reaching it.
record AutoConf(String kept, List<String> removed) {
  private static final Pattern SETTING =
      Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_$.]*)\\s*[=\\s].*");

  private static final Pattern UTC =
      Pattern.compile("[^']*'(?:(?:Etc/)?(?:UTC|GMT|UCT|Universal|Zulu))'.*", CASE_INSENSITIVE);

  private static final Set<String> OF_AN_EARLIER_RECOVERY =
      Set.of(
          "restore_command",
          "archive_cleanup_command",
          "primary_conninfo",
          "primary_slot_name",
          "promote_trigger_file");

  /// These begin like a recovery target but only say how fast PostgreSQL recovers.
  private static final Set<String> TUNING =
      Set.of("recovery_prefetch", "recovery_init_sync_method");

  /// Where CNPG finds the server and its files, and how the server's WAL and log leave it.
  private static final Set<String> OF_CNPG =
      Set.of(
          "archive_mode",
          "archive_command",
          "archive_library",
          "cluster_name",
          "config_file",
          "data_directory",
          "external_pid_file",
          "hba_file",
          "hot_standby",
          "ident_file",
          "listen_addresses",
          "log_destination",
          "log_directory",
          "log_filename",
          "logging_collector",
          "port",
          "restart_after_crash",
          "synchronous_standby_names",
          "unix_socket_directories",
          "unix_socket_group",
          "unix_socket_permissions");

  /// In capitals, as CNPG up to 1.28 removes the usual spelling; to PostgreSQL they are the same.
  private static final String NO_TARGET_TIME = "RECOVERY_TARGET_TIME = ''";

  /// The content for a recovery whose target time turned out to be the end of the archived WAL:
  /// PostgreSQL reads it after the target that CNPG writes.
  static String withoutTargetTime(String content) {
    var before = withTargetOfCnpg(content);
    var end = before.isEmpty() || before.endsWith("\n") ? "" : "\n";
    return before + end + NO_TARGET_TIME + "\n";
  }

  /// The content without that.
  static String withTargetOfCnpg(String content) {
    if (content.lines().noneMatch(line -> line.strip().equalsIgnoreCase(NO_TARGET_TIME))) {
      return content;
    }
    var kept = new StringBuilder();
    content
        .lines()
        .filter(line -> !line.strip().equalsIgnoreCase(NO_TARGET_TIME))
        .forEach(line -> kept.append(line).append('\n'));
    return kept.toString();
  }

  static AutoConf withoutSettingsOfCnpg(String content) {
    var kept = new StringBuilder();
    var removed = new ArrayList<String>();
    for (var line : content.lines().toList()) {
      var name = name(line);
      if (OF_CNPG.contains(name) || isOfTls(name) || belongsToARecovery(name)) {
        removed.add(name);
      } else {
        kept.append(line).append('\n');
      }
    }
    return new AutoConf(kept.toString(), List.copyOf(removed));
  }

  /// Whether the file sets a time zone that is not UTC.
  static boolean setsAnotherZone(String content) {
    return content
        .lines()
        .filter(line -> name(line).equals("timezone"))
        .anyMatch(line -> !UTC.matcher(line).matches());
  }

  private static boolean belongsToARecovery(String name) {
    return OF_AN_EARLIER_RECOVERY.contains(name)
        || (name.startsWith("recovery_") && !TUNING.contains(name));
  }

  private static boolean isOfTls(String name) {
    return name.equals("ssl") || name.startsWith("ssl_");
  }

  private static String name(String line) {
    var setting = SETTING.matcher(line);
    return setting.matches() ? setting.group(1).toLowerCase(Locale.ROOT) : "";
  }
}
