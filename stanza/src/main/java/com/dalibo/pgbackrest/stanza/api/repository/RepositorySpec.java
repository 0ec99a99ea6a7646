package com.dalibo.pgbackrest.stanza.api.repository;

/// A repository of one of the types that a stanza lists.
public sealed interface RepositorySpec permits ObjectStoreSpec, SftpRepository, VolumeRepository {
  /// A host name or an address in brackets, with a scheme and a port if need be.
  String ENDPOINT =
      "^(https?://)?([A-Za-z0-9]([A-Za-z0-9_-]*([.][A-Za-z0-9_-]+)*[.]?[A-Za-z0-9])?[.]?|\\[[0-9A-Fa-f:]+\\])"
          + "(:(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3}))?/*$";

  /// A host name or an address, as SSH takes it.
  String HOST =
      "^([A-Za-z0-9]([A-Za-z0-9_-]*([.][A-Za-z0-9_-]+)*[.]?[A-Za-z0-9])?[.]?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)$";

  /// Ceph names a bucket of a tenant `tenant:bucket`.
  String S3_BUCKET = "^[A-Za-z0-9]([A-Za-z0-9._:-]*[A-Za-z0-9])?$";

  String GCS_BUCKET = "^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$";
  String AZURE_ACCOUNT = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$";
  String AZURE_CONTAINER = "^([$]root|[$]web|[a-z0-9]([a-z0-9-]*[a-z0-9])?)$";

  /// The name of a Secret, a ConfigMap or a claim, as Kubernetes admits it (RFC 1123, subdomain).
  String OBJECT_NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

  /// A key of a Secret or a ConfigMap, as Kubernetes admits it.
  String DATA_KEY = "^[.]?[-_A-Za-z0-9][-._A-Za-z0-9]*$";

  /// A name without white space.
  String WORD = "^[!-~]+$";

  RepositoryFields fields();

  /// pgBackRest's word for the type.
  default String word() {
    return switch (this) {
      case S3Repository _ -> "s3";
      case AzureRepository _ -> "azure";
      case GcsRepository _ -> "gcs";
      case SftpRepository _ -> "sftp";
      case VolumeRepository volume ->
          volume.type() == VolumeRepository.Type.CIFS ? "cifs" : "posix";
    };
  }

  /// The place in words a person recognises; holds no secret.
  default String location() {
    var path = fields().repoPath();
    return switch (this) {
      case S3Repository s3 -> "s3://" + s3.bucket() + path + " at " + s3.endpoint();
      case AzureRepository azure -> "azure://" + azure.account() + "/" + azure.container() + path;
      case GcsRepository gcs -> "gs://" + gcs.bucket() + path;
      case SftpRepository sftp -> "sftp://" + sftp.user() + "@" + sftp.host() + path;
      case VolumeRepository volume -> "volume " + volume.claimName() + " " + path;
    };
  }
}
