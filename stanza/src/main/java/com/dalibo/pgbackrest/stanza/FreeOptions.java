package com.dalibo.pgbackrest.stanza;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What users may say to pgBackRest beyond the fields of the Stanza, and what they may not, with
/// the reason. Options of a repository stand without `repoN-`.
final class FreeOptions {
  /// Open in `options`.
  static final Set<String> ALLOWED =
      Set.of(
          "archive-missing-retry",
          "archive-mode-check",
          "archive-push-batch-size",
          "archive-timeout",
          "buffer-size",
          "checksum-page",
          "checksum-page-error",
          "compress-level-network",
          "db-timeout",
          "io-timeout",
          "log-subprocess",
          "manifest-save-threshold",
          "page-header-check",
          "priority",
          "protocol-timeout",
          "resume",
          "sck-keep-alive",
          "tcp-keep-alive-count",
          "tcp-keep-alive-idle",
          "tcp-keep-alive-interval",
          "tls-cipher-12",
          "tls-cipher-13");

  static final Set<String> ALLOWED_OF_A_REPOSITORY =
      Set.of(
          "bundle-limit",
          "bundle-size",
          "hardlink",
          "s3-service",
          "s3-sts-host",
          "storage-host",
          "storage-prefetch",
          "storage-read-over",
          "symlink");

  /// Set by a field for all commands, and open in `options` for a single one.
  static final Set<String> ALLOWED_FOR_A_COMMAND =
      Set.of("compress-level", "compress-type", "delta", "process-max");

  /// Set by a field, and open in `customEnvVar` where the field is absent: manifests of the Go
  /// plugin have them there, because its API lacked the field.
  static final Set<String> OPEN_WHERE_ABSENT =
      Set.of(
          "archive-async",
          "archive-get-queue-max",
          "archive-push-queue-max",
          "compress-level",
          "compress-type",
          "delta",
          "log-level-console",
          "process-max",
          "start-fast");

  static final Set<String> OPEN_WHERE_ABSENT_OF_A_REPOSITORY =
      Set.of(
          "azure-key-type",
          "azure-uri-style",
          "block",
          "bundle",
          "gcs-user-project",
          "retention-archive",
          "retention-archive-type",
          "retention-diff",
          "retention-full",
          "retention-full-type",
          "retention-history",
          "s3-key-type",
          "s3-kms-key-id",
          "s3-requester-pays",
          "s3-role",
          "s3-uri-style",
          "storage-port",
          "storage-upload-chunk-size",
          "storage-verify-tls");

  static final Set<String> COMMANDS =
      Set.of(
          "archive-get", "archive-push", "backup", "check", "expire", "info", "restore", "verify");

  /// Refused, by reason.
  static final Map<String, List<String>> REFUSED =
      Map.of(
          "the plugin decides where files and sockets are",
          List.of(
              "config",
              "config-include-path",
              "config-path",
              "lock-path",
              "log-path",
              "pg-path",
              "pg-port",
              "pg-socket-path",
              "repo-storage-ca-path",
              "spool-path"),
          "the plugin reads the log and sets its form",
          List.of("log-level-file", "log-level-stderr", "log-timestamp", "output", "verbose"),
          "the plugin decides it for each call",
          List.of(
              "annotation",
              "archive-expire-before",
              "archive-mode",
              "db-exclude",
              "db-include",
              "detail-level",
              "dry-run",
              "force",
              "link-all",
              "link-map",
              "oldest",
              "online",
              "recovery-option",
              "repo",
              "repo-target-time",
              "set",
              "stanza",
              "tablespace-map",
              "tablespace-map-all",
              "target",
              "target-action",
              "target-exclusive",
              "target-timeline",
              "type"),
          "it would start another program",
          List.of("cmd", "cmd-ssh", "repo-s3-process-cmd"),
          "the plugin decides which hosts take part",
          List.of(
              "backup-standby",
              "pg-database",
              "pg-host",
              "pg-host-ca-file",
              "pg-host-ca-path",
              "pg-host-cert-file",
              "pg-host-cmd",
              "pg-host-config",
              "pg-host-config-include-path",
              "pg-host-config-path",
              "pg-host-key-file",
              "pg-host-port",
              "pg-host-type",
              "pg-host-user",
              "pg-user",
              "repo-host",
              "repo-host-ca-file",
              "repo-host-ca-path",
              "repo-host-cert-file",
              "repo-host-cmd",
              "repo-host-config",
              "repo-host-config-include-path",
              "repo-host-config-path",
              "repo-host-key-file",
              "repo-host-port",
              "repo-host-type",
              "repo-host-user"),
          "a backup or the archive could be wrong without notice",
          List.of(
              "archive-check",
              "archive-copy",
              "archive-header-check",
              "exclude",
              "expire-auto",
              "pg-version-force"),
          "files and processes must stay private and unprivileged",
          List.of("allow-root", "neutral-umask"),
          "compressConfig says it",
          List.of("compress"));

  private static final Pattern NAME =
      Pattern.compile("(?:([a-z-]+):)?(?:repo([0-9]{1,3})-)?([a-z][a-z0-9-]*)");
  private static final String VARIABLE_PREFIX = "PGBACKREST_";
  private static final int NO_REPOSITORY = 0;

  private FreeOptions() {}

  /// An option a user asks for, taken apart.
  ///
  /// @param command empty for all commands
  /// @param repository 0 for none
  record Asked(String where, String command, int repository, String name, String value) {
    private boolean ofARepository() {
      return repository != NO_REPOSITORY;
    }

    /// As pgBackRest's documentation spells it.
    String documented() {
      return ofARepository() ? "repo-" + name : name;
    }

    String written() {
      return ofARepository() ? "repo" + repository + "-" + name : name;
    }
  }

  /// Those that may be written, in the order of their names.
  static List<Asked> accepted(Stanza stanza) {
    return asked(stanza).filter(asked -> refusal(stanza, asked).isEmpty()).toList();
  }

  static List<Problem> problems(Stanza stanza) {
    return asked(stanza)
        .map(asked -> refusal(stanza, asked))
        .filter(refusal -> !refusal.isEmpty())
        .map(refusal -> new Problem("OptionRefused", refusal))
        .toList();
  }

  private static Stream<Asked> asked(Stanza stanza) {
    var configuration = stanza.spec().stanzaConfiguration();
    return Stream.concat(
        sorted(configuration.options())
            .map(option -> take("options", option.getKey(), option.getKey(), option.getValue())),
        sorted(configuration.customEnvVar())
            .map(
                variable ->
                    take(
                        "customEnvVar",
                        variable.getKey(),
                        optionOf(variable.getKey()),
                        variable.getValue())));
  }

  private static Stream<Map.Entry<String, String>> sorted(@Nullable Map<String, String> options) {
    return options == null ? Stream.of() : new TreeMap<>(options).entrySet().stream();
  }

  /// Empty when the name is no variable of pgBackRest.
  private static String optionOf(String variable) {
    return variable.startsWith(VARIABLE_PREFIX)
        ? variable.substring(VARIABLE_PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-')
        : "";
  }

  private static Asked take(String list, String key, String option, String value) {
    var where = list + "['" + key + "']";
    var name = NAME.matcher(option);
    if (!name.matches()) {
      return new Asked(where, "", NO_REPOSITORY, "", value);
    }
    var command = name.group(1) == null ? "" : name.group(1);
    var repository = name.group(2) == null ? NO_REPOSITORY : Integer.parseInt(name.group(2));
    return new Asked(where, command, repository, name.group(3), value);
  }

  /// Why it may not be written; empty when it may.
  private static String refusal(Stanza stanza, Asked asked) {
    if (asked.name().isEmpty()) {
      return asked.where().startsWith("customEnvVar")
          ? sentence(stanza, asked, "is not a variable of pgBackRest", "remove it")
          : sentence(
              stanza, asked, "is not an option", "write its name as the documentation spells it");
    }
    if (!asked.command().isEmpty() && !COMMANDS.contains(asked.command())) {
      return sentence(
          stanza,
          asked,
          "is for a command that cannot be given options",
          "use one of " + COMMANDS.stream().sorted().collect(Collectors.joining(", ")));
    }
    if (!asked.value().strip().equals(asked.value())
        || asked.value().isEmpty()
        || asked.value().chars().anyMatch(Character::isISOControl)) {
      return sentence(
          stanza,
          asked,
          "is empty, or has white space at an end, or a line break",
          "give it a plain value or remove it");
    }
    var reason = reason(asked.documented());
    if (!reason.isEmpty()) {
      return sentence(stanza, asked, "is refused: " + reason, "remove it");
    }
    if (asked.ofARepository() && missing(stanza, asked.repository())) {
      return sentence(
          stanza,
          asked,
          "is for a repository that the stanza does not have",
          "correct the number or remove it");
    }
    if (isOpen(stanza, asked)) {
      return "";
    }
    return isSetByAField(asked)
        ? sentence(stanza, asked, "is what a field of the Stanza sets", "use the field")
        : sentence(
            stanza,
            asked,
            "is not an option of pgBackRest known here",
            "correct the name or remove it");
  }

  private static boolean isOpen(Stanza stanza, Asked asked) {
    var open = asked.ofARepository() ? ALLOWED_OF_A_REPOSITORY : ALLOWED;
    if (open.contains(asked.name())) {
      return true;
    }
    if (!asked.ofARepository()
        && !asked.command().isEmpty()
        && ALLOWED_FOR_A_COMMAND.contains(asked.name())) {
      return true;
    }
    var whereAbsent = asked.ofARepository() ? OPEN_WHERE_ABSENT_OF_A_REPOSITORY : OPEN_WHERE_ABSENT;
    return asked.where().startsWith("customEnvVar")
        && whereAbsent.contains(asked.name())
        && isAbsent(stanza, asked);
  }

  private static boolean isAbsent(Stanza stanza, Asked asked) {
    var settings =
        asked.ofARepository()
            ? Repositories.of(stanza.spec()).stream()
                .filter(repository -> repository.index() == asked.repository())
                .flatMap(
                    repository ->
                        RepositoryOptions.settings(repository, InstancePaths.VOLUMES).stream())
            : StanzaOptions.settings(stanza.spec().stanzaConfiguration()).stream();
    return settings.map(Setting::option).noneMatch(asked.name()::equals);
  }

  private static boolean isSetByAField(Asked asked) {
    var options = asked.ofARepository() ? RepositoryOptions.options() : StanzaOptions.options();
    return options.contains(asked.name());
  }

  private static boolean missing(Stanza stanza, int repository) {
    return Repositories.of(stanza.spec()).stream().noneMatch(known -> known.index() == repository);
  }

  private static String reason(String option) {
    return REFUSED.entrySet().stream()
        .filter(refused -> refused.getValue().contains(option))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  private static String sentence(Stanza stanza, Asked asked, String what, String remedy) {
    return "%s of the Stanza '%s' %s; %s".formatted(asked.where(), stanza.name(), what, remedy);
  }
}
