package com.dalibo.pgbackrest.stanza.options;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which options of pgBackRest users may give beyond the fields of the Stanza, and which they may
/// not, with the reason. Those of a repository stand without `repoN-`.
public final class UserOptionRules {
  /// Open in `options`.
  public static final Set<String> ALLOWED =
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

  public static final Set<String> ALLOWED_OF_A_REPOSITORY =
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
  public static final Set<String> ALLOWED_FOR_A_COMMAND =
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
          "azure-key",
          "azure-key-type",
          "azure-uri-style",
          "block",
          "bundle",
          "cipher-pass",
          "cipher-type",
          "gcs-user-project",
          "retention-archive",
          "retention-archive-type",
          "retention-diff",
          "retention-full",
          "retention-full-type",
          "retention-history",
          "s3-key",
          "s3-key-secret",
          "s3-key-type",
          "s3-kms-key-id",
          "s3-requester-pays",
          "s3-role",
          "s3-token",
          "s3-uri-style",
          "storage-ca-file",
          "storage-port",
          "storage-upload-chunk-size",
          "storage-verify-tls");

  /// Older names that pgBackRest reads too.
  static final Map<String, String> ALIASES =
      Map.of(
          "azure-ca-file", "storage-ca-file",
          "azure-ca-path", "storage-ca-path",
          "azure-host", "storage-host",
          "azure-port", "storage-port",
          "azure-verify-tls", "storage-verify-tls",
          "s3-ca-file", "storage-ca-file",
          "s3-ca-path", "storage-ca-path",
          "s3-host", "storage-host",
          "s3-port", "storage-port",
          "s3-verify-tls", "storage-verify-tls");

  /// In `customEnvVar` the Go plugin wrote its own value over these.
  static final Set<String> OVERWRITTEN =
      Set.of("lock-path", "log-level-file", "pg1-path", "stanza");

  public static final Set<String> COMMANDS =
      Set.of(
          "archive-get", "archive-push", "backup", "check", "expire", "info", "restore", "verify");

  /// Refused, by reason.
  public static final Map<String, List<String>> REFUSED =
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
          "the plugin reads the log and sets its format",
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
          "compressConfig sets it",
          List.of("compress"));

  private UserOptionRules() {}

  /// Why an option is refused to everybody; empty where it is not.
  ///
  /// @param option as pgBackRest's documentation spells it
  static String refusal(String option) {
    return REFUSED.entrySet().stream()
        .filter(refused -> refused.getValue().contains(option))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }
}
