package com.dalibo.pgbackrest.sidecar.remedy;

/// Of S3. Some signs of permissions are also those of Azure.
final class S3Remedies {
  static final Remedy NO_SUCH_BUCKET =
      new Remedy(
          "NoSuchBucket|InvalidBucketName|The specified bucket does not exist",
          "there is no such bucket at this endpoint: create it, or correct 'bucket' or 'endpoint' in the Stanza");

  static final Remedy UNKNOWN_ACCESS_KEY =
      new Remedy(
          "InvalidAccessKeyId",
          "the store does not know this access key id: correct the Secret that 'secretRef.accessKeyId' names");

  static final Remedy WRONG_SECRET_KEY =
      new Remedy(
          "SignatureDoesNotMatch",
          "the secret access key does not belong to the access key id: correct the Secret that"
              + " 'secretRef.secretAccessKey' names");

  static final Remedy SESSION_EXPIRED =
      new Remedy(
          "ExpiredToken|InvalidToken|TokenRefreshRequired",
          "the temporary credentials are not valid, or have expired: renew the keys and the token in the Secret that"
              + " 'secretRef.sessionToken' names, or choose a 'keyType' that renews them");

  static final Remedy WRONG_REGION =
      new Remedy(
          "AuthorizationHeaderMalformed|PermanentRedirect|TemporaryRedirect|IllegalLocationConstraint|InvalidRegion",
          "the bucket is in another region: correct 'region' and 'endpoint' of the repository in the Stanza");

  static final Remedy MAY_NOT_DELETE =
      new Remedy(
          "DELETE \\S+: (?:AccessDenied|AuthorizationPermissionMismatch)|POST \\S*\\?delete\\S*: AccessDenied"
              + "|unable to remove file '[^']*': \\[AccessDenied\\]",
          "the credentials may not delete: allow s3:DeleteObject (Azure: role 'Storage Blob Data Contributor', or d in the"
              + " shared access signature) and see that no object lock, legal hold or bucket policy forbids it");

  static final Remedy MAY_NOT_LIST =
      new Remedy(
          "GET \\S*[?&](?:list-type=2|comp=list)\\S*: AccessDenied",
          "the credentials may not list the bucket: allow s3:ListBucket on the bucket itself, not only on its objects");

  static final Remedy MAY_NOT_READ =
      new Remedy(
          "(?:GET|HEAD) \\S+: AccessDenied",
          "the credentials may not read this object: allow s3:GetObject on the objects of the repository, and s3:ListBucket on"
              + " the bucket, without which S3 refuses a missing object in the same way");

  static final Remedy MAY_NOT_WRITE =
      new Remedy(
          "(?:PUT|POST) \\S+: AccessDenied",
          "the credentials may not write: allow s3:PutObject on the objects of the repository, and with 'kmsKeyId' also"
              + " kms:GenerateDataKey and kms:Decrypt on that key");

  static final Remedy ACCESS_DENIED =
      new Remedy(
          "(?<!java\\.nio\\.file\\.)AccessDenied",
          "the credentials may not do that: allow them to list, read, write and delete in this bucket and repoPath, or"
              + " correct the Secret that 'secretRef' names");

  private S3Remedies() {}
}
