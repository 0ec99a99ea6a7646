package com.dalibo.pgbackrest.stanza.api.reason;

/// Whether the spec of a Stanza can be used, with the Secrets and ConfigMaps it names.
@SuppressWarnings("ImmutableEnumChecker")
public enum SpecReason implements Reason {
  VALID(
      "Valid",
      "The Stanza and the objects it refers to are complete.",
      "Nothing.",
      ConditionType.VALID),
  UNREADABLE(
      "Unreadable",
      "The object does not match the API, which can happen if its CRD is older. Pods "
          + "continue as they are; CNPG creates no new pod before this is corrected, because "
          + "the volumes it would mount are unknown.",
      "Apply the CRDs of this version, then correct the field that the message names.",
      ConditionType.READY,
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  SECRET_MISSING(
      "SecretMissing",
      "The Secret or ConfigMap does not exist in the namespace of the Stanza.",
      "Create it; no restart is needed.",
      ConditionType.VALID),
  SECRET_KEY_MISSING(
      "SecretKeyMissing",
      "The Secret or ConfigMap lacks the key that the Stanza names.",
      "Add it, or correct the Stanza.",
      ConditionType.VALID),
  SECRET_VALUE_INVALID(
      "SecretValueInvalid",
      "The value in the Secret is not possible, for example because it ends with a line "
          + "break.",
      "Store it again with `kubectl create secret --from-literal`.",
      ConditionType.VALID),
  CREDENTIALS_MISSING(
      "CredentialsMissing",
      "A repository has no credentials.",
      "Add `secretRef`, or a `keyType` that needs none.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  HOST_KEY_MISSING(
      "HostKeyMissing",
      "An SFTP repository does not specify the key of the server.",
      "Add `knownHosts` or `hostFingerprint`.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  AUTHORITY_AMBIGUOUS(
      "AuthorityAmbiguous",
      "A repository has both `caSecretRef` and `caConfigMapRef`.",
      "Remove one.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  NO_REPOSITORY(
      "NoRepository",
      "The Stanza has no repository.",
      "Add one.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  NAME_INVALID(
      "NameInvalid",
      "pgBackRest cannot use the name of the stanza.",
      "Use letters, digits, `_`, `-` and `.`, 200 at most.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  NAME_NOT_UNIQUE(
      "NameNotUnique",
      "Two repositories have the same name.",
      "Rename one.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  INDEX_NOT_UNIQUE(
      "IndexNotUnique",
      "Two repositories have the same number.",
      "Give each its own `index`.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  INDEX_OUT_OF_RANGE(
      "IndexOutOfRange",
      "The number of a repository is too small or too large.",
      "Use an `index` from 1 to 256.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  PLACE_NOT_UNIQUE(
      "PlaceNotUnique",
      "Two repositories have the same store and path.",
      "Give one another bucket or `repoPath`.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  PATH_INVALID(
      "PathInvalid",
      "`repoPath` is not an absolute path.",
      "Start it with `/`, and use neither `.` nor `..` in it.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  BLOCK_NEEDS_BUNDLE(
      "BlockNeedsBundle",
      "`block: true` with `bundle: false`.",
      "Remove `bundle: false`.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  RETENTION_INCOMPLETE(
      "RetentionIncomplete",
      "`retentionPolicy` has a type without its number, so nothing expires by it.",
      "Add `full` or `archive`.",
      EventOn.CLUSTER),
  OUT_OF_RANGE(
      "OutOfRange",
      "A number is too small or too large.",
      "Use one in the range that the message gives.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  SIZE_INVALID(
      "SizeInvalid",
      "A value is not a size.",
      "Write a number and a unit without a space, such as `128MiB`.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  TIME_SPAN_INVALID(
      "TimeSpanInvalid",
      "A value is not a time span.",
      "Write one such as `168h`, `90m` or `2h30m`.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  VALUE_INVALID(
      "ValueInvalid",
      "A value is empty, starts or ends with white space, has a character that cannot be seen, or "
          + "is no host, bucket or account.",
      "Correct it, or remove the field.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  OPTION_REFUSED(
      "OptionRefused",
      "An option in `options` or `customEnvVar` is not allowed, is set by a field, or "
          + "does not exist; the message says which.",
      "See [reference](../reference/stanza.md#what-options-may-hold).",
      ConditionType.VALID,
      EventOn.CLUSTER);

  private final Row row;

  SpecReason(String word, String meaning, String remedy, Place... places) {
    row = new Row(word, meaning, remedy, places);
  }

  @Override
  public Row row() {
    return row;
  }

  @Override
  public String toString() {
    return word();
  }
}
