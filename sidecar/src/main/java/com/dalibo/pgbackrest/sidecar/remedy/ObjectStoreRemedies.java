package com.dalibo.pgbackrest.sidecar.remedy;

/// Of object stores, whoever makes them.
final class ObjectStoreRemedies {
  static final Remedy CLOCK_SKEW =
      new Remedy(
          "RequestTimeTooSkewed|Request date header too old|Invalid JWT: Token must be a short-lived token",
          "the clock of this node differs from the store's: synchronise it (NTP); the credentials are not the cause");

  static final Remedy OBJECT_ARCHIVED =
      new Remedy(
          "InvalidObjectState|BlobArchived",
          "a lifecycle rule of the store has moved this object to an archive from which nothing is read at once: restore it"
              + " there, and exclude 'repoPath' from that rule; the credentials are not the cause");

  static final Remedy ACCOUNT_DISABLED =
      new Remedy(
          "AccountProblem|AllAccessDisabled|AccountIsDisabled|ContainerDisabled|UserSuspended|NotSignedUp"
              + "|billing account[^.]* disabled|absent billing account",
          "the account of the store is disabled or has no valid billing: its owner has to enable it; the credentials are not"
              + " the cause");

  static final Remedy KMS_KEY =
      new Remedy(
          "KMS\\.(?:DisabledException|NotFoundException|InvalidKeyUsageException|KMSInvalidStateException)|Cloud KMS",
          "the KMS key of the objects is disabled, deleted, in another region or not granted to the store: enable it or cancel its deletion, because"
              + " nothing that it has encrypted can be read without it; for new objects correct 'kmsKeyId' in the Stanza");

  static final Remedy OBJECT_LOCKED =
      new Remedy(
          "protected by object lock|BlobImmutableDueToPolicy|retentionPolicyNotMet|retention policy[^:]* and cannot be deleted",
          "the store keeps this object until the end of its lock: make 'retentionPolicy' in the Stanza longer than the object"
              + " lock or retention policy of the store, or shorten that");

  static final Remedy FORBIDDEN =
      new Remedy(
          "HTTP request failed with (?:401|403)",
          "the store refuses these credentials: check them, and that they may list, read, write and delete in 'repoPath'");

  private ObjectStoreRemedies() {}
}
