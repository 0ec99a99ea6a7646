package com.dalibo.pgbackrest.sidecar.remedy;

/// Of Google Cloud Storage.
final class GoogleRemedies {
  static final Remedy PERMISSION =
      new Remedy(
          "does not have storage\\.[a-zA-Z.]+ access",
          "the service account lacks the permission that the message names: grant it roles/storage.objectAdmin on the bucket");

  static final Remedy UNKNOWN_KEY =
      new Remedy(
          "invalid_grant",
          "Google no longer recognises this service account key: put a valid key file into the Secret that"
              + " 'secretRef.keyReference' names");

  static final Remedy POLICY =
      new Remedy(
          "prohibited by organization's policy",
          "a policy of the Google organisation refuses this pod, not the credentials: let the service perimeter (VPC Service"
              + " Controls) of the bucket's project admit the network and the service account");

  static final Remedy EXPIRED_TOKEN =
      new Remedy(
          "Invalid Credentials",
          "the token is not valid, or has expired: put a new one into the Secret that 'secretRef.keyReference' names, or use"
              + " the key file of a service account");

  private GoogleRemedies() {}
}
