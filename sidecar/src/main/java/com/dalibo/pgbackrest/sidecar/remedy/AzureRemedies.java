package com.dalibo.pgbackrest.sidecar.remedy;

/// Of Azure Blob Storage.
final class AzureRemedies {
  static final Remedy NO_SUCH_CONTAINER =
      new Remedy(
          "ContainerNotFound",
          "there is no such container in this account: create it, or correct 'container', 'account' or 'endpoint' in the"
              + " Stanza");

  static final Remedy PERMISSION =
      new Remedy(
          "AuthorizationPermissionMismatch|Authorization(?:Service|ResourceType)Mismatch",
          "the credentials lack a permission: give the identity the role 'Storage Blob Data Contributor', or the shared access"
              + " signature read, write, delete and list for the service blob and the resource types container and object");

  static final Remedy KEYS_FORBIDDEN =
      new Remedy(
          "KeyBasedAuthenticationNotPermitted",
          "the storage account allows no keys: allow shared keys in its configuration, or choose keyType 'auto' with a managed"
              + " identity");

  static final Remedy REFUSED =
      new Remedy(
          "AuthorizationFailure|AuthorizationSourceIPMismatch",
          "the key does not belong to the account, or the network rules of the account refuse this pod: correct 'account' in"
              + " the Stanza, the Secret that 'secretRef.keyReference' names, or those rules");

  static final Remedy WRONG_KEY =
      new Remedy(
          "AuthenticationFailed|InvalidAuthenticationInfo|NoAuthenticationInformation",
          "the key or shared access signature is not valid for this account, or has expired: correct 'account' or 'keyType' in"
              + " the Stanza, or the Secret that 'secretRef.keyReference' names");

  private AzureRemedies() {}
}
