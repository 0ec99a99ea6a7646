package com.dalibo.pgbackrest.stanza.api.repository;

import org.jspecify.annotations.Nullable;

/// Where a repository is: one of the kinds a stanza lists, with what all of them have.
public sealed interface RepositorySpec
    permits S3Repository, AzureRepository, GcsRepository, SftpRepository, VolumeRepository {
  @Nullable String name();

  @Nullable Integer index();

  String repoPath();

  @Nullable RetentionPolicy retentionPolicy();

  @Nullable CipherConfig cipherConfig();

  @Nullable Boolean bundle();

  @Nullable Boolean block();

  /// The list of the spec that holds this kind.
  default String list() {
    return switch (this) {
      case S3Repository _ -> "s3Repositories";
      case AzureRepository _ -> "azureRepositories";
      case GcsRepository _ -> "gcsRepositories";
      case SftpRepository _ -> "sftpRepositories";
      case VolumeRepository _ -> "volumeRepositories";
    };
  }

  /// pgBackRest's word for the kind.
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
    return switch (this) {
      case S3Repository s3 -> "s3://" + s3.bucket() + repoPath() + " at " + s3.endpoint();
      case AzureRepository azure ->
          "azure://" + azure.account() + "/" + azure.container() + repoPath();
      case GcsRepository gcs -> "gs://" + gcs.bucket() + repoPath();
      case SftpRepository sftp -> "sftp://" + sftp.user() + "@" + sftp.host() + repoPath();
      case VolumeRepository volume -> "volume " + volume.claimName() + " " + repoPath();
    };
  }
}
